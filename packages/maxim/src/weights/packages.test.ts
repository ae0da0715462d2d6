import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { PACKAGES } from './packages.js';

test.each(Object.entries(PACKAGES))(
  '%s: the package is described by a file that says its name',
  async (_task, known) => {
    expect(await readFile(known.card, 'utf8')).toContain(known.name);
    expect(await readFile(new URL('../../WEIGHTS.md', import.meta.url), 'utf8')).toContain(known.name);
  },
);
