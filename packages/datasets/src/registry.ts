import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { choicesText, readText, UserError } from '@unweather/core-tensor';
import { z } from 'zod';
import { parseTemplate } from './prepare/template.js';

const Path = z.string().refine((text) => {
  try {
    return parseTemplate(text) !== undefined;
  } catch {
    return false;
  }
}, 'not a path with {fields}');

const Layout = z.strictObject({
  folder: z
    .string()
    .optional()
    .describe(
      'Folder of the split in the official download; without one, --split must name the split and --root its folder.',
    ),
  input: Path.describe(
    'Path of a degraded picture below that folder: {scene} is any name, {scene:digits} a number, {v:1..14} and ' +
      '{level:Heavy|Light} each of the values, which every scene has.',
  ),
  truth: Path.describe('Path of its clean picture, by the fields of the input.'),
});

const Split = z.strictObject({
  name: z.string().describe('Name of the split, as the command line takes it.'),
  use: z.enum(['train', 'test', 'all']).describe('What it is for; verify looks for scenes that train and test share.'),
  pairs: z
    .int()
    .positive()
    .nullable()
    .describe('How many pairs the paper or its official lists state; null: not stated.'),
  layouts: z.array(Layout).min(1).optional().describe('Where the files lie; the first that fits is taken.'),
  list: z
    .strictObject({
      file: z.string().describe('Where the official list is found (folder lists/ of the code of DuRN).'),
      line: Path.describe('What a line of it looks like.'),
      needed: z.boolean().describe('Whether the folder holds pictures of other splits, too.'),
    })
    .optional(),
  centre: z.boolean().optional().describe('Truths may be larger than their inputs, which show their middle.'),
  note: z.string().optional().describe('What a reader of results must know; it stands wherever the split is prepared.'),
});

const Dataset = z.strictObject({
  title: z.string(),
  task: z
    .enum(['rain', 'raindrop', 'haze', 'snow', 'blur', 'noise', 'real-noise'])
    .describe('What the degraded pictures suffer from.'),
  homepage: z.string().describe('Where the official download is described; "not stated" where it is not known.'),
  licence: z.string().describe('Licence or terms of the pictures; "not stated" where none is known.'),
  benchmark: z.boolean().describe("Whether results on it may be shown as a paper's numbers."),
  size: z
    .tuple([z.int().positive(), z.int().positive()])
    .optional()
    .describe('Width and height of its pictures as they are scored, if nearly all are alike; either way round.'),
  note: z.string().optional().describe('What a reader of results must know.'),
  splits: z.array(Split).min(1),
});

/** datasets.json: every known dataset, by its name on the command line. */
export const Registry = z
  .strictObject({ $schema: z.string().optional(), datasets: z.record(z.string(), Dataset) })
  .meta({ title: 'Datasets of unweather' });

export type Registry = z.infer<typeof Registry>;
/** A dataset as datasets.json describes it. */
export type RegisteredDataset = z.infer<typeof Dataset>;
/** A split as datasets.json describes it: its purpose, the places of its files, and their pairing. */
export type RegisteredSplit = z.infer<typeof Split>;

/** Path of the repository's datasets.json, or of the copy that the build puts beside this file for npm. */
export function registryPath(): string {
  const repository = fileURLToPath(new URL('../../../datasets.json', import.meta.url));
  return existsSync(repository) ? repository : fileURLToPath(new URL('./datasets.json', import.meta.url));
}

/** Reads datasets.json. @throws UserError naming the file and the first place that is wrong */
export async function readRegistry(path = registryPath()): Promise<Registry> {
  const text = await readText(path, 'it lies at the top of the repository');
  return parseJson(Registry, path, text, 'correct the file');
}

/** Parses and validates a JSON text. @throws UserError naming the file and the first place that does not fit */
export function parseJson<T extends z.ZodType>(schema: T, path: string, text: string, remedy: string): z.infer<T> {
  const parsed = z
    .string()
    .transform((json, context) => {
      try {
        return JSON.parse(json) as unknown;
      } catch {
        context.addIssue('not JSON');
        return z.NEVER;
      }
    })
    .pipe(schema)
    .safeParse(text);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new UserError(`${path}: ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}; ${remedy}`);
}

/** Finds a dataset by name. @throws UserError listing the known names */
export function datasetOf({ datasets }: Registry, name: string): RegisteredDataset {
  if (Object.hasOwn(datasets, name)) return datasets[name]!;
  throw new UserError(`there is no dataset "${name}"; choose one of ${choicesText(Object.keys(datasets))}`);
}

/** Makes the JSON Schema of datasets.json, which editors use for completion. */
export function registrySchema(): string {
  return `${JSON.stringify(z.toJSONSchema(Registry), null, 2)}\n`;
}
