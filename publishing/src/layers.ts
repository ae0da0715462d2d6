import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from './workspace.js';

/** Layer of each workspace by its folder's name: 0 is the top. Workspaces can share one. */
export type Layers = ReadonlyMap<string, number>;

/** Reads the layers from CONTRIBUTING.md, the first block under "The house". @throws Error if there is none */
export async function readLayers(): Promise<Layers> {
  const text = await readFile(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
  const table = /^## The house\n\n```\n([\s\S]*?)^```/m.exec(text)?.[1];
  if (table === undefined) throw new Error('CONTRIBUTING.md: "The house" begins with no table');
  return layersOf(table);
}

/** Parses the table: some rows name a group and list its workspaces; the others name workspaces, separated by │. */
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
