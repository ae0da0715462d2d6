import { UserError } from '@unweather/core-tensor';
import { type Evaluation, readEvaluations } from '@unweather/eval';
import { type PublishedNumber, publishedFiles, readPublishedNumbers } from './published.js';

/** Places of a report's numbers. */
export interface SourceOptions {
  /** Folder that `eval` wrote. */
  readonly results: string;
  /** Files of published numbers; default: those of the packages in the working directory. */
  readonly published?: readonly string[] | undefined;
}

/** Numbers that a report is made of. */
export interface Sources {
  readonly evaluations: readonly Evaluation[];
  readonly published: readonly PublishedNumber[];
}

/**
 * Reads the measured and the published numbers.
 * @throws UserError naming the folder that is empty, or the file that is wrong
 */
export async function readSources({ results, published }: SourceOptions): Promise<Sources> {
  const evaluations = await readEvaluations(results);
  if (evaluations.length === 0)
    throw new UserError(
      `${results}: contains no evaluation; run one first (for instance "durn eval"), or give its folder`,
    );
  return { evaluations, published: readPublishedNumbers(published ?? (await publishedFiles('.'))) };
}
