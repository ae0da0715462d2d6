import {
  type Checkpoint,
  checkpointOf,
  exists,
  type Parameter,
  readGraphModel,
  readNpz,
  readStart,
  recognise,
  START_BYTES,
  type State,
  UserError,
  zeros,
} from '@unweather/core-tensor';
import { graphParameters, NotMaxim } from './graph-parameters.js';

/** Place of the parameters in the official checkpoints, beside the optimiser's state. */
const TARGET = 'opt/target/';
/**
 * Convolutions that make the smaller outputs of a stage: they serve the loss alone. A graph that returns the last
 * stage's picture lacks that stage's.
 */
const SMALLER_OUTPUT = /^stage_\d+_output_conv_[1-9]\d*\./;

/** How a model.json begins. */
const GRAPH_MODEL = /"((graph|layers)-model|modelTopology)"/;

/** True for the official checkpoints (.npz) and for TensorFlow.js graph models (model.json), by their first bytes. */
export async function isForeign(path: string): Promise<boolean> {
  return (await foreignFormat(path)) !== undefined;
}

async function foreignFormat(path: string): Promise<'archive' | 'graph' | undefined> {
  if (!(await exists(path))) return undefined;
  const start = await readStart(path, START_BYTES, 'check the path of the checkpoint');
  const format = recognise(start);
  if (format === 'numpy') return 'archive';
  return format === 'shards' && GRAPH_MODEL.test(start.toString('latin1')) ? 'graph' : undefined;
}

/**
 * Reads weights from an official checkpoint (.npz), or from a TensorFlow.js graph model (model.json and the files
 * beside it). A graph model lacks the convolutions of the last stage's smaller outputs, on which no picture depends;
 * they become zero.
 * @param parameters those of the network; every name and shape is compared
 * @throws UserError naming the file and the parameter that is missing, left over or of another shape
 */
export async function readForeign(
  path: string,
  network: string,
  parameters: ReadonlyMap<string, Parameter>,
): Promise<Checkpoint> {
  if ((await foreignFormat(path)) === 'archive') {
    const { tensors, skipped } = await readOfficial(path);
    return { ...checkpointOf({ tensors, metadata: {} }, { path, network, parameters }), skipped };
  }
  const tensors = await readGraph(path, network);
  for (const [name, { shape }] of parameters)
    if (SMALLER_OUTPUT.test(name) && !tensors.has(name)) tensors.set(name, zeros(shape));
  return checkpointOf({ tensors, metadata: {} }, { path, network, parameters });
}

async function readGraph(path: string, network: string): Promise<State> {
  const model = await readGraphModel(path);
  try {
    return graphParameters(model);
  } catch (thrown) {
    if (!(thrown instanceof NotMaxim)) throw thrown;
    throw new UserError(`${path}: ${thrown.message}; use a graph model of ${network}`);
  }
}

/** Reads the parameters of an .npz, under their names joined by dots; counts what belongs to the optimiser. */
async function readOfficial(path: string): Promise<{ tensors: State; skipped: number }> {
  let [prefix, skipped] = ['', 0];
  const arrays = await readNpz(path, (names) => {
    prefix = names.some((name) => name.startsWith(TARGET)) ? TARGET : '';
    const chosen = names.filter((name) => name.startsWith(prefix));
    skipped = names.length - chosen.length;
    return chosen;
  });
  const named = [...arrays].map(([name, tensor]) => [name.slice(prefix.length).replaceAll('/', '.'), tensor] as const);
  return { tensors: new Map(named), skipped };
}
