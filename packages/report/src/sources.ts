import { UserError } from '@unweather/core-tensor';
import { type Evaluation, readEvaluations } from '@unweather/eval';
import { type PublishedNumber, publishedFiles, readPublishedNumbers } from './published.js';

/** Where a report's numbers lie. */
export interface SourceOptions {
  /** Folder that `eval` wrote. */
  readonly results: string;
  /** Files of published numbers; default: those of the packages in the working directory. */
  readonly published?: readonly string[] | undefined;
}

/** What a report is made of. */
export interface Sources {
  readonly evaluations: readonly Evaluation[];
  readonly published: readonly PublishedNumber[];
}

/**
 * Reads what was measured and what was published.
 * @throws UserError naming the folder that is empty, or the file that is wrong
 */
export async function readSources({ results, published }: SourceOptions): Promise<Sources> {
  const evaluations = await readEvaluations(results);
  if (evaluations.length === 0)
    throw new UserError(`${results}: holds no evaluation; run one first ("npx nx run durn:eval"), or name its folder`);
  return { evaluations, published: readPublishedNumbers(published ?? (await publishedFiles('.'))) };
}
