import { dirname } from 'node:path';
import { Random, toBytes, writePng } from '@unweather/core-tensor';
import { beforeAll, expect, test } from 'vitest';
import type { DegradationName } from '../degrade/degradations.js';
import { embeddedPairs } from '../embedded.js';
import { openPair } from '../pair.js';
import { temporaryFolder } from '../test-support.js';
import { contentMatch } from './content.js';

const truths = (await embeddedPairs('train', 'rain')).map(({ truth }) => truth);
const folder = dirname(truths[0]!);
const names = truths.map((truth) => truth.slice(folder.length + 1));
let home: string;

/** Writes the embedded photographs under a weather, with names that say nothing. */
async function degraded(degradation: DegradationName, level: string, count = 8): Promise<string[]> {
  const files: string[] = [];
  for (const [index, truth] of truths.slice(0, count).entries()) {
    const source = { kind: 'synthesised', name: names[index]!, truth, degradation, level, seed: 0 } as const;
    files.push(`${15 - index}.png`);
    await writePng(`${home}/${files[index]}`, toBytes((await openPair(source, new Random(1))).input));
  }
  return files;
}

beforeAll(async () => {
  home = await temporaryFolder();
});

test.each<[DegradationName, string]>([
  ['dense-rain', 'storm'],
  ['outdoor-haze', 'heavy'],
])('pictures under %s, %s, find their truths', async (weather, level) => {
  const inputs = await degraded(weather, level);
  const { entries, unclear } = await contentMatch({ truth: folder, input: home }, inputs, names, {});
  expect(unclear).toEqual([]);
  expect(entries).toEqual(inputs.map((input, index) => [names[index], input]));
});

test('what has no truth is listed with the nearest, and paired with none', async () => {
  const inputs = await degraded('haze', 'heavy');
  const { entries, unclear } = await contentMatch({ truth: folder, input: home }, inputs, names.slice(8), {});
  expect(entries).toEqual([]);
  expect(unclear).toHaveLength(8);
  for (const { why } of unclear)
    expect(why).toMatch(/^nearest are \w+\.png at \d\.\d\d, \w+\.png at \d\.\d\d, \w+\.png at/);
});

test('a truth that is nearest to two inputs is given to none that is unclear; unreadable ones are named', async () => {
  const [input] = await degraded('rain', 'light', 1);
  await writePng(
    `${home}/twin.png`,
    toBytes(
      await openPair({ kind: 'files', name: '', truth: truths[0]!, input: truths[0]! }, new Random(1)).then(
        ({ truth }) => truth,
      ),
    ),
  );
  const folders = { truth: folder, input: home };
  const { entries, unclear } = await contentMatch(folders, [input!, 'twin.png', 'none.png'], names, {});
  expect(entries).toEqual([]);
  expect(unclear.map(({ files, why }) => [files[0], why])).toEqual([
    ['none.png', expect.stringMatching(/none\.png: cannot be read \(no such file/)],
    [input, expect.stringMatching(/^nearest are aitzgorri\.png at 0\.\d\d, .+, which is nearer to twin\.png$/)],
    ['twin.png', expect.stringMatching(/^nearest are aitzgorri\.png at 0\.00, /)],
  ]);
});
