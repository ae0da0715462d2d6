import { join } from 'node:path';
import { readRegistry } from '@unweather/datasets';
import { generalProtocols, METRICS } from '@unweather/eval';
import { PAPERS, protocolsOf, recipesOf } from './papers.js';
import { ROOT } from './workspace.js';

/** Option with its value. */
export interface Option {
  readonly name: string;
  readonly value: string;
}

/** Finds recipes, protocols, metrics, datasets and splits in a command that do not exist. */
export async function valueProblems(
  project: string,
  target: string,
  operands: readonly string[],
  options: readonly Option[],
): Promise<string[]> {
  const { datasets } = await readRegistry(join(ROOT, 'datasets.json'));
  const given = (name: string) => options.find((option) => option.name === name)?.value;
  const wrong = (what: string, value: string | undefined, there: readonly string[]) =>
    value === undefined || there.includes(value) ? [] : [`${project} ${target}: there is no ${what} "${value}"`];
  if (project === 'datasets') {
    const splits = datasets[operands[0] ?? '']?.splits.map(({ name }) => name) ?? [];
    return [...wrong('dataset', operands[0], Object.keys(datasets)), ...wrong('split', given('--split'), splits)];
  }
  const paper = PAPERS[project]?.study;
  if (paper === undefined) return [];
  const [firstTask] = Object.keys(paper.tasks);
  const protocols = [...protocolsOf(paper), ...generalProtocols.map(({ name }) => name)];
  const metrics = given('--metrics')?.split(',') ?? [];
  return [
    // A name with an extension is a file.
    ...(target === 'train' && !given('--recipe')?.includes('.')
      ? wrong('recipe', given('--recipe'), recipesOf(paper, given('--task') ?? firstTask))
      : []),
    ...wrong('protocol', given('--protocol'), protocols),
    ...wrong('dataset', given('--dataset'), ['embedded', ...Object.keys(datasets)]),
    ...metrics.flatMap((metric) => wrong('metric', metric, ['all', ...Object.keys(METRICS)])),
  ];
}
