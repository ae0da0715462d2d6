import { aecr } from '@unweather/aecr';
import { afrnet } from '@unweather/afrnet';
import type { Paper } from '@unweather/commands';
import { durn } from '@unweather/durn';
import { manas } from '@unweather/manas';
import { multiweather, recipes } from '@unweather/multiweather';

/** Every paper, by its project's name. */
export const PAPERS: Readonly<Record<string, Paper>> = { aecr, afrnet, durn, manas, multiweather };

/** Names of the recipes of a paper's task; default: of all its tasks. */
export function recipesOf({ name, tasks }: Paper, task?: string): string[] {
  // multiweather trains by stages of its own, and not task by task.
  if (name === multiweather.name) return Object.keys(recipes);
  const chosen = task === undefined ? Object.values(tasks) : [tasks[task]];
  return chosen.flatMap((one) => Object.keys(one?.recipes ?? {}));
}

/** Names of the protocols by which a paper's tasks are scored. */
export function protocolsOf({ tasks }: Paper): string[] {
  return Object.values(tasks).flatMap(({ protocols }) => protocols.map(({ name }) => name));
}

/** Names of the losses that a paper's recipes may name. */
export function lossesOf({ tasks }: Paper): string[] {
  return Object.values(tasks).flatMap(({ losses }) => Object.keys(losses));
}
