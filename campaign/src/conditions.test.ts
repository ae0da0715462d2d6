import { join } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';
import { conditions } from './conditions.js';
import { fixturesIn } from './scenarios.js';

test.for(conditions({ photos: '', meta: '', download: '' }).map(({ name }) => name))(
  'nothing is lost, and nothing written in part: %s',
  { tags: 'whole' },
  async (name, context) => {
    const folder = await temporaryFolder();
    const found = conditions(await fixturesIn(join(folder, 'fixtures'))).find((one) => one.name === name)!;
    const problems = await found.meet(folder);
    if (problems === undefined) return context.skip('the system lets nobody here mount a disk of their own');
    expect(problems).toEqual([]);
  },
);
