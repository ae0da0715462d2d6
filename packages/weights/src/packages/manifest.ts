import { isAbsolute, normalize, sep } from 'node:path';
import { z } from 'zod';

const Inside = z
  .string()
  .min(1)
  .refine((path) => !isAbsolute(path) && !normalize(path).split(sep).includes('..'), 'leads out of the package');

/** One file of weights. */
const Weights = z.strictObject({
  name: z
    .string()
    .regex(/^[\w.-]+$/)
    .describe('Tells the weights of one package apart: PACKAGE#NAME on the command line.'),
  file: Inside.describe('The checkpoint, by its path in the package.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of the file, in lower case.'),
  size: z.int().positive().describe('Bytes of the file.'),
  network: z.string().describe('Name of the network, as its paper package has it.'),
  task: z.string().describe('What it removes, as --task names it.'),
  licence: z.string().describe('Of the weights, as an SPDX expression.'),
  card: Inside.describe('The model card, Markdown, by its path in the package.'),
});

/** Content of `unweather` in the package.json of a package of weights. */
export const Manifest = z
  .strictObject({ weights: z.array(Weights).min(1) })
  .refine(
    ({ weights }) => new Set(weights.map(({ name }) => name)).size === weights.length,
    'two weights have one name',
  )
  .meta({ title: 'The "unweather" field of a package of weights' });

export type Manifest = z.infer<typeof Manifest>;
/** One file of weights, as a package describes it. */
export type PackagedWeights = z.infer<typeof Weights>;

/** Makes the manifest's JSON Schema, which ships as weights.schema.json. */
export function manifestSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(Manifest), null, 2)}\n`;
}
