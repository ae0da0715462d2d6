import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Random } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import { beforeAll, expect, test } from 'vitest';
import { killMany, type Scenario } from './kills.js';
import { fixturesIn, scenarios } from './scenarios.js';
import { serveSlowly } from './slow-server.js';

let all: Scenario[];
beforeAll(async () => {
  const bytes = await readFile(fileURLToPath(new URL('../../packages/aecr/weights/haze.safetensors', import.meta.url)));
  const server = await serveSlowly(bytes, 'haze.safetensors');
  all = scenarios(await fixturesIn(await temporaryFolder()), server.url);
  return () => server.close();
});

test.each([
  'training',
  'evaluation',
  'folder with --skip-existing',
  'datasets:prepare',
  'weights cache, two processes',
])(
  'a command that is killed leaves nothing corrupt, and ends as if it had not been: %s',
  { tags: 'whole' },
  async (name) => {
    const scenario = all.find((one) => one.name === name)!;
    const random = Random.named('kills', name, 1);
    const { kills, runs, equal, problems } = await killMany(scenario, { kills: 2, random, fresh: temporaryFolder });
    expect(problems).toEqual([]);
    expect(equal).toBe(runs);
    expect(kills).toBeGreaterThanOrEqual(2);
  },
);
