import { join } from 'node:path';
import { temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';
import { conditions } from './conditions.js';
import { fixturesIn } from './scenarios.js';

test.each(conditions({ photos: '', meta: '', download: '' }).map(({ name }) => name))(
  'nothing is lost, and nothing written in part: %s',
  { tags: 'whole' },
  async (name) => {
    const folder = await temporaryFolder();
    const found = conditions(await fixturesIn(join(folder, 'fixtures'))).find((one) => one.name === name)!;
    const problems = await found.meet(folder);
    // The system may let nobody mount a disk of one's own; the campaign tells what it could not try.
    expect(problems ?? []).toEqual([]);
  },
);
