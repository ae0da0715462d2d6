import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, sep } from 'node:path';
import * as z from 'zod';
import type { State } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';
import { fileReason, readWhole } from '../../support/files.js';
import { Unreadable } from '../reader.js';
import { bytesOf, WeightGroup, weightsIn } from './manifest.js';

/** Largest description of a graph: ten times that of a network of 40,000 nodes. */
const LARGEST_JSON = 256 << 20;
/** Most bytes of weights: more than any restoration network has. */
const LARGEST_WEIGHTS = 2 ** 31;

const Node = z.looseObject({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), z.unknown()).default({}),
});
const Model = z.looseObject({
  format: z.string().optional(),
  modelTopology: z.looseObject({ node: z.array(Node) }),
  weightsManifest: z.array(WeightGroup),
});

/** A node of a graph: an operation, a placeholder, or a constant. */
export interface GraphModelNode {
  readonly name: string;
  /** TensorFlow's name of the operation: "Conv2D". */
  readonly op: string;
  /** Names of the nodes that it reads, without output numbers and control marks. */
  readonly inputs: readonly string[];
  /** Attributes, as the file has them: texts in base64. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A TensorFlow.js graph model. */
export interface GraphModel {
  readonly nodes: readonly GraphModelNode[];
  /** Constants, by the names of their nodes. */
  readonly weights: State;
}

/**
 * Reads a TensorFlow.js graph model: model.json and the files of weights ("shards") beside it. Weights are float32,
 * also where the file has them as float16, uint8 or uint16; int32 and bool become int64. Nothing of the graph is run.
 * @param path the model.json
 * @throws UserError naming the file that is missing, truncated, out of order or not as the format requires, or too
 * large
 */
export async function readGraphModel(path: string): Promise<GraphModel> {
  const { modelTopology, weightsManifest } = await readDescription(path);
  const weights: State = new Map();
  for (const group of weightsManifest)
    for (const [name, tensor] of await readGroup(path, group)) {
      if (weights.has(name)) throw bad(path, `weight "${name}" is listed twice`);
      weights.set(name, tensor);
    }
  const nodes = modelTopology.node.map(({ name, op, input, attr }) => ({
    name,
    op,
    inputs: input.map((text) => text.replace(/^\^/, '').replace(/:\d+$/, '')),
    attributes: attr,
  }));
  return { nodes, weights };
}

const bad = (file: string, what: string) =>
  new UserError(`${file}: ${what}; use a complete TensorFlow.js graph model, or install its package again`);

async function readDescription(path: string): Promise<z.infer<typeof Model>> {
  const size = await sizeOf(path, 'check the path of the model');
  if (size > LARGEST_JSON) throw bad(path, `refused: ${size} bytes are more than any graph model has`);
  const text = (await readWhole(path, 'check the path of the model')).toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw bad(path, 'not JSON, or truncated');
  }
  const { format } = z.looseObject({ format: z.string() }).safeParse(json).data ?? {};
  if (format !== undefined && format !== 'graph-model')
    throw bad(path, `its format is ${format}; only graph-model is read`);
  const parsed = Model.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw bad(path, `not a graph model (${place.join('.') || 'as a whole'}: ${message})`);
}

async function readGroup(path: string, group: WeightGroup): Promise<State> {
  const total = describedSize(path, group);
  const shards = group.paths.map((shard) => placeOf(path, shard));
  const remedy = `it belongs beside ${path}`;
  const sizes = await Promise.all(shards.map((shard) => sizeOf(shard, remedy)));
  checkSizes(path, total, shards, sizes);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const [i, shard] of shards.entries()) {
    const part = await readWhole(shard, remedy);
    if (part.length !== sizes[i]) throw bad(shard, 'it changed while it was read');
    bytes.set(part, at);
    at += part.length;
  }
  return within(path, () => weightsIn(bytes, group));
}

function describedSize(path: string, { weights }: WeightGroup): number {
  const total = within(path, () => weights.reduce((sum, weight) => sum + bytesOf(weight), 0));
  if (total > LARGEST_WEIGHTS) throw bad(path, `refused: ${total} bytes of weights are more than any network has`);
  return total;
}

/** Resolves the path of a shard, which must stay in the model's folder. */
function placeOf(path: string, shard: string): string {
  if (isAbsolute(shard) || normalize(shard).split(sep).includes('..') || /[\\:]/.test(shard))
    throw bad(path, `refused: its shard "${shard}" leads out of the folder`);
  return join(dirname(path), shard);
}

async function sizeOf(file: string, remedy: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (thrown) {
    throw new UserError(`${file}: cannot be read (${fileReason(thrown)}); ${remedy}`);
  }
}

/** Compares the sizes of shards: converters fill all but the last one to the same size. */
function checkSizes(path: string, total: number, shards: readonly string[], sizes: readonly number[]): void {
  const full = Math.max(...sizes);
  const short = sizes.slice(0, -1).findIndex((size) => size !== full);
  if (short >= 0)
    throw bad(
      shards[short]!,
      `truncated, or in the place of another shard: it has ${sizes[short]} bytes, only the last may have less than ${full}`,
    );
  const found = sizes.reduce((sum, size) => sum + size, 0);
  if (found !== total)
    throw bad(
      shards.at(-1)!,
      `it has ${sizes.at(-1)} bytes, by ${path} it should have ${total - found + sizes.at(-1)!}`,
    );
}

/** Runs a function whose faults lack the file's name. */
function within<Result>(path: string, run: () => Result): Result {
  try {
    return run();
  } catch (thrown) {
    if (thrown instanceof Unreadable) throw bad(path, thrown.message);
    throw thrown;
  }
}
