import type { Study } from '@unweather/lab';
import { recipes } from '@unweather/multiweather/study';
import { PAPER_LIST } from 'unweather/papers';

/** Paper with all exports of its package. */
export interface DocumentedPaper {
  readonly label: string;
  readonly study: Study;
  readonly exported: object;
}

/** Every paper, by its project's name. */
export const PAPERS: Readonly<Record<string, DocumentedPaper>> = Object.fromEntries(
  await Promise.all(
    PAPER_LIST.map(async ([name, row]) => {
      const [model, study] = await Promise.all([row.model(), row.study()]);
      return [name, { label: row.label, study: study.study, exported: { ...model, ...study } }];
    }),
  ),
);

/** Names of the recipes of a paper's task; default: of all its tasks. */
export function recipesOf({ name, tasks }: Study, task?: string): string[] {
  // multiweather trains in its own stages, not task by task.
  if (name === 'multiweather') return Object.keys(recipes);
  const chosen = task === undefined ? Object.values(tasks) : [tasks[task]];
  return chosen.flatMap((one) => Object.keys(one?.recipes ?? {}));
}

/** Names of the protocols that score a paper's tasks. */
export function protocolsOf({ tasks }: Study): string[] {
  return Object.values(tasks).flatMap(({ protocols }) => protocols.map(({ name }) => name));
}

/** Names of the losses that a paper's recipes may name. */
export function lossesOf({ tasks }: Study): string[] {
  return Object.values(tasks).flatMap(({ losses }) => Object.keys(losses));
}

/** Names of the npm packages of other publishers whose weights a paper knows. */
export const FOREIGN_PACKAGES: readonly string[] = Object.values(PAPERS).flatMap(({ study }) =>
  Object.values(study.foreign?.packages ?? {}).map(({ name }) => name),
);
