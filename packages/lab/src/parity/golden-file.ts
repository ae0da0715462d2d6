import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileReason, messageOf, readWhole, UserError } from '@unweather/core-tensor';
import { fits } from '@unweather/model';
import { z } from 'zod';
import type { FileCheck } from '../study.js';

const Shape = z.array(z.int().nonnegative());
const Numbers = z.record(z.string(), z.number().nullable());

/** Moments of a tensor and samples of it. */
export const Summary = z.object({
  shape: Shape,
  mean: z.number(),
  std: z.number(),
  min: z.number(),
  max: z.number(),
  /** Flat places of the samples; where absent, ⌊i·n/k⌋. */
  index: z.array(z.int().nonnegative()).optional(),
  value: z.array(z.number()),
});

/** A golden file of one network: which parts it has decides what is checked. */
export const GoldenFile = z.object({
  case: z.string(),
  network: z.string(),
  input: Shape,
  mode: z.enum(['eval', 'train']),
  gain: z.number().default(1),
  state: z.array(z.tuple([z.string(), Shape])).optional(),
  parameters: z.object({ tensors: z.number(), elements: z.number() }).optional(),
  output: Summary.optional(),
  trace: z.record(z.string(), Summary).optional(),
  loss: z.record(z.string(), z.union([z.number(), z.string()])).optional(),
  gradient: Numbers.optional(),
  updated: Numbers.optional(),
  buffers: z.record(z.string(), z.union([z.number(), Summary])).optional(),
  /** Several steps on one batch. */
  losses: z.array(z.union([z.number(), z.object({ total: z.number(), lr: z.number().optional() })])).optional(),
  change: Numbers.optional(),
  eval_output: Summary.optional(),
  lr: z.number().optional(),
  /** In words; its learning rate is read from it where `lr` is absent. */
  optimiser: z.string().optional(),
  /** Name of the loss. */
  loss_kind: z.string().optional(),
});

export type GoldenFile = z.infer<typeof GoldenFile>;
export type Summary = z.infer<typeof Summary>;

/** Golden files of a folder, of networks and of other things. */
export interface Goldens {
  readonly ofNetworks: readonly { readonly file: string; readonly golden: GoldenFile }[];
  readonly others: readonly { readonly file: string; readonly check: FileCheck; readonly golden: unknown }[];
}

/**
 * The golden files of a folder that are of one of the networks or have one of the names; what else lies there is left
 * aside.
 * @throws UserError naming the folder or file: unreadable, not JSON, of a known network but not in the format
 */
export async function readGoldens(
  folder: string,
  networks: readonly string[],
  checks: Readonly<Record<string, FileCheck>>,
): Promise<Goldens> {
  const names = await readdir(folder).catch((thrown: unknown) => {
    throw new UserError(`${folder}: cannot be read (${fileReason(thrown)}); give a folder of golden files`);
  });
  const found = {
    ofNetworks: [] as { file: string; golden: GoldenFile }[],
    others: [] as { file: string; check: FileCheck; golden: unknown }[],
  };
  for (const file of names.filter((name) => name.endsWith('.json')).sort()) {
    const path = join(folder, file);
    const json = parseJson(path, (await readWhole(path, 'check the folder')).toString('utf8'));
    const check = Object.entries(checks).find(([pattern]) => fits(pattern, file))?.[1];
    if (check !== undefined) {
      found.others.push({ file, check, golden: json });
      continue;
    }
    const network = z.object({ network: z.string() }).safeParse(json);
    if (!network.success || !networks.includes(network.data.network)) continue;
    const parsed = GoldenFile.safeParse(json);
    if (!parsed.success) {
      const { path: place, message } = parsed.error.issues[0]!;
      throw new UserError(
        `${path}: ${place.join('.')}: ${message}; a golden file of ${network.data.network} is asked for`,
      );
    }
    found.ofNetworks.push({ file, golden: parsed.data });
  }
  return found;
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new UserError(`${path}: not JSON (${messageOf(thrown)}); replace the file`);
  }
}
