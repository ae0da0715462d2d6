import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './workspace.js';

/** Layer of each workspace by its folder's name: 0 is the top. Several share one. */
export type Layers = ReadonlyMap<string, number>;

/** The layers by the table in CONTRIBUTING.md, the first block under "The house". @throws Error where there is none */
export async function readLayers(): Promise<Layers> {
  const text = await readFile(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const table = /^## The house\n\n```\n([\s\S]*?)^```/m.exec(text)?.[1];
  if (table === undefined) throw new Error('CONTRIBUTING.md: "The house" begins with no table');
  return layersOf(table);
}

/** Rows whose second column is a list name a group, the others their workspaces, with │ between them. */
function layersOf(table: string): Layers {
  const groups = /^(around|apps|papers)$/;
  return new Map(
    table
      .trim()
      .split('\n')
      .flatMap((row, layer) => {
        const [first, second] = row.split(/\s{2,}/) as [string, string];
        const names = groups.test(first) ? second.split(', ') : first.split(' │ ');
        return names.map((name): [string, number] => [name, layer]);
      }),
  );
}
