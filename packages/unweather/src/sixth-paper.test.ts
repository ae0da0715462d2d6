import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runnerOf, temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
import { expect, test } from 'vitest';

const UNWEATHER = fileURLToPath(new URL('../', import.meta.url));
const MODULES = fileURLToPath(new URL('../../../node_modules', import.meta.url));
const PHOTO = fileURLToPath(new URL('../../datasets/embedded/held-out/city.png', import.meta.url));

/** A whole paper: its model, its study and its command line. */
const SIXTH = {
  'package.json':
    '{ "name": "@unweather/sixth", "type": "module", "exports": { ".": "./load.js", "./study": "./study.js" } }',
  'load.js': `import { Conv2d } from '@unweather/core-tensor';
import { loaderOf } from '@unweather/model';

export const model = {
  name: 'sixth',
  title: 'A sixth paper',
  networks: { Sixth: { create: () => new Conv2d(3, 3, 3, { padding: 1 }) } },
  tasks: { mist: { title: 'mist', network: 'Sixth' } },
  home: new URL('./', import.meta.url),
};
export const load = loaderOf(model);`,
  'study.js': `import { l1 } from '@unweather/core-tensor';
import { basicsrProtocol } from '@unweather/eval';
import { studyOf } from '@unweather/lab';
import { model } from './load.js';

export { basicsrProtocol };
const losses = { l1: (output, target) => ({ total: l1(output, target) }) };
const quick = { name: 'quick', note: 'a few steps', crop: 16, batch: 2, duration: { steps: 4 }, optimiser: 'adam',
  learningRate: 1e-3, schedule: { kind: 'constant' }, flip: true, order: 'shuffled', visit: 'pair', loss: 'l1', seed: 1,
  saveEvery: 2, needsData: false };
const [protocols, here] = [new URL(import.meta.url), new URL('./', import.meta.url)];
export const study = studyOf(model, {
  networks: { Sixth: { losses, gradientNoise: 0, gradientShare: 0, stepsNoise: 0 } },
  tasks: { mist: { recipes: { quick }, losses, protocols: [basicsrProtocol], benchmarks: {}, degradation: 'haze' } },
  protocols, goldens: here, published: here,
});`,
  'cli.js': "import { runCli } from '@unweather/lab';\nimport { study } from './study.js';\n\nawait runCli(study);",
};
const ROW = `sixth: row({
        label: 'Sixth',
        tasks: { mist: 'haze' },
        model: () => import('@unweather/sixth'),
        study: () => import('@unweather/sixth/study'),
    }),`;

/** A folder whose node_modules hold everything that is installed, the sixth paper, and a table with its row. */
async function project(): Promise<string> {
  const folder = await temporaryFolder();
  const modules = join(folder, 'node_modules');
  for (const scope of ['', '@unweather']) {
    await mkdir(join(modules, scope), { recursive: true });
    for (const name of await readdir(join(MODULES, scope)))
      if (name !== 'unweather' && name !== '@unweather')
        await symlink(join(MODULES, scope, name), join(modules, scope, name));
  }
  for (const [file, text] of Object.entries(SIXTH)) {
    const path = join(modules, '@unweather/sixth', file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
  for (const part of ['package.json', 'bin', 'dist'])
    await cp(join(UNWEATHER, part), join(modules, 'unweather', part), { recursive: true });
  const table = join(modules, 'unweather/dist/papers.js');
  const text = await readFile(table, 'utf8');
  await writeFile(table, text.replace('export const PAPERS = {', `export const PAPERS = {\n    ${ROW}`));
  return folder;
}

test('a sixth paper is a folder of some forty lines and a row: it trains, is listed and restores', {
  tags: 'whole',
}, async () => {
  const lines = Object.values({ ...SIXTH, ROW }).flatMap((text) => text.split('\n'));
  expect(lines.length).toBeLessThan(50);
  const folder = await project();
  const run = (file: string, ...args: string[]) =>
    runnerOf(pathToFileURL(join(folder, 'node_modules', file)))(args, undefined, folder);
  const trained = await run('@unweather/sixth/cli.js', 'train', '--threads', '1');
  expect(trained).toMatchObject({ status: 0, stderr: '' });
  const listed = await run('unweather/bin/unweather.js', 'models', '--json');
  const models = listed.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(models.find(({ model }) => model === 'sixth:mist')).toMatchObject({
    removes: 'haze',
    network: 'Sixth',
    weights: { there: true, name: 'runs/sixth/mist-quick/checkpoint.safetensors' },
  });
  const restored = await run('unweather/bin/unweather.js', 'restore', PHOTO, '-m', 'sixth:mist', '-o', 'out.png');
  expect(restored).toMatchObject({ status: 0, stderr: '' });
  const [before, after] = await Promise.all([sharp(PHOTO).metadata(), sharp(join(folder, 'out.png')).metadata()]);
  expect([after.width, after.height]).toEqual([before.width, before.height]);
});
