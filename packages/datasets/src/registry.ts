import { readWhole, UserError } from '@unweather/core-tensor';
import { z } from 'zod';

const Split = z.strictObject({
  name: z.string().describe('Name of the split, as the command line takes it.'),
  pairs: z
    .int()
    .positive()
    .nullable()
    .describe('How many pairs the paper or its official lists state; null: not stated.'),
  layout: z.string().describe('Where the files lie in the official download.'),
  naming: z.string().describe('How a degraded picture finds its clean one.'),
  prepare: z.string().optional().describe('Command that makes the meta file of the official download.'),
});

const Dataset = z.strictObject({
  title: z.string(),
  task: z
    .enum(['rain', 'raindrop', 'haze', 'blur', 'noise', 'real-noise'])
    .describe('What the degraded pictures suffer from.'),
  homepage: z.string().describe('Where the official download is described; "not stated" where it is not known.'),
  licence: z.string().describe('Licence or terms of the pictures; "not stated" where none is known.'),
  benchmark: z.boolean().describe("Whether results on it may be shown as a paper's numbers."),
  protocol: z.string().describe('Name of the protocol by which it is scored.'),
  note: z.string().optional().describe('What a reader of results must know.'),
  splits: z.array(Split).min(1),
});

/** datasets.json: every dataset that is known, by its name on the command line. */
export const Registry = z
  .strictObject({ $schema: z.string().optional(), datasets: z.record(z.string(), Dataset) })
  .meta({ title: 'Datasets of unweather' });

export type Registry = z.infer<typeof Registry>;

/** Reads datasets.json. @throws UserError naming the file and the first place that is wrong */
export async function readRegistry(path: string): Promise<Registry> {
  const text = (await readWhole(path, 'it lies at the top of the repository')).toString('utf8');
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
    .pipe(Registry)
    .safeParse(text);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0]!;
  throw new UserError(`${path}: ${place.length > 0 ? `${place.join('.')}: ` : ''}${message}; correct the file`);
}

/** The JSON Schema of datasets.json, with which editors complete it. */
export function registrySchema(): string {
  return `${JSON.stringify(z.toJSONSchema(Registry), null, 2)}\n`;
}
