import { exec } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
import { beforeAll, describe, expect, test } from 'vitest';
import { EXAMPLES } from './examples.js';
import { filesIn, PHOTO, unweather, unweatherProcess, writePhoto, writeWeights } from './test-support.js';

let place: string;
beforeAll(async () => {
  place = await temporaryFolder();
  await writeWeights(place, 'rain', 'haze', 'noise');
});

describe('help', () => {
  test('is there for every command, with its examples and the statuses', async () => {
    const all = await unweather(['--help']);
    expect(all.status).toBe(0);
    for (const [command, examples] of Object.entries(EXAMPLES)) {
      expect(all.stdout).toContain(`\n  ${command} `);
      const { status, stdout } = await unweather([command, '--help']);
      expect(status).toBe(0);
      for (const { line, says } of examples) expect(stdout).toContain(`  ${line}\n      ${says}`);
    }
    expect(all.stdout).toMatch(/Exit status: 0 success, 1 .+ 2 .+\n130 Ctrl-C, 143 SIGTERM\./);
  });

  test.each(['--version', '-V'])('%s tells the version of the package', async (option) => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await unweather([option])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  test('a command that is none is answered with the nearest, and status 2', async () => {
    const { status, stderr } = await unweather(['restor']);
    expect([status, stderr]).toEqual([2, "error: unknown command 'restor' (Did you mean restore?)\n"]);
  });
});

describe('completion', () => {
  test('knows the commands, the options and the models', async () => {
    const completed = async (...words: string[]) => (await unweatherProcess(['complete', '--', ...words])).stdout;
    expect(await completed('')).toMatch(/^restore\t.*\n(.*\n)*models\t.*\n(.*\n)*compare\t.*\n(.*\n)*score\t/m);
    expect(await completed('restore', '--sk')).toMatch(/^--skip-existing\t/);
    expect(await completed('restore', '--model', 'dur')).toMatch(/^durn:rain\b(.*\n)*durn:noise\b/);
  });

  test.each(['bash', 'zsh', 'fish', 'powershell'])('gives a script for %s', async (shell) => {
    const { status, stdout } = await unweatherProcess(['complete', shell]);
    expect([status, stdout.includes('unweather')]).toEqual([0, true]);
  });
});

/** URLs of the scripts that a run of the command loads in all its threads, from V8's coverage. */
async function loaded(...args: string[]): Promise<string> {
  const folder = await temporaryFolder();
  process.env.NODE_V8_COVERAGE = folder;
  try {
    expect((await unweatherProcess(args, undefined, place)).status).toBe(0);
  } finally {
    delete process.env.NODE_V8_COVERAGE;
  }
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
  const scripts = files.flatMap((text) => (JSON.parse(text) as { result: { url: string }[] }).result);
  return scripts.map(({ url }) => url).join('\n');
}

test('help loads no engine, no paper and no decoder; restoring loads one paper', async () => {
  const help = await loaded('restore', '--help');
  expect(help).toMatch(/unweather\/dist\/cli\.js/);
  expect(help).not.toMatch(
    /onnxruntime|core-tensor\/dist\/(?!support\/(command-(line|error)|error|files|output-errors|path|shown|start|terminal|value-text|version)\.|engines\/engine|graph\/device|image\/(formats|metadata\/choices))|sharp|packages\/(model|lab|eval|durn)/,
  );
  await writePhoto(join(place, 'photo.png'));
  const restore = await loaded('restore', 'photo.png', '-o', 'loaded.png', '-m', 'durn:noise');
  expect(restore).toMatch(/onnxruntime/);
  expect(restore).toMatch(/packages\/durn\/dist\/index\.js/);
  expect(restore).not.toMatch(/packages\/(aecr|afrnet|manas|multiweather|report|lab|datasets)\/|echarts/);
});

describe('every example of the help', () => {
  const written: Readonly<Record<string, string[]>> = {
    'unweather restore rainy.jpg -o clean.png --model durn:rain': ['clean.png'],
    'unweather restore holiday -o clean --model haze --recursive': ['clean/day 1/a.png', 'clean/b.jpg'],
    'unweather restore "photos/**/*.jpg" -o clean -m rain --format webp': ['clean/c.webp', 'clean/more/d.webp'],
    'unweather restore holiday -o clean -m rain --skip-existing': ['clean/b.jpg'],
    'unweather restore - -o - -m rain --format jpg < rainy.jpg > clean.jpg': ['clean.jpg'],
    'unweather restore scan.tif -o scan.png -m durn:noise --depth 16': ['scan.png'],
    'unweather models': [],
    'unweather models --json': [],
    'unweather compare rainy.jpg clean.png -o page.html': ['page.html'],
    'unweather compare rainy.jpg clean.png truth.png -o sheet.png': ['sheet.png'],
    'unweather score results truths': [],
    'unweather score results others --truth truths --protocol matlab,basicsr -o scores': ['scores/scores.html'],
    'unweather score results --metrics niqe': [],
  };
  const lines = Object.values(EXAMPLES).flatMap((examples) => examples.map(({ line }) => line));
  beforeAll(async () => {
    const files = [
      'rainy.jpg',
      'holiday/day 1/a.png',
      'holiday/b.jpg',
      'photos/c.jpg',
      'photos/more/d.jpg',
      'truth.png',
    ];
    for (const file of files) await writePhoto(join(place, file), 64);
    for (const folder of ['results', 'others', 'truths']) await writePhoto(join(place, folder, 'a.png'), 192);
    await sharp(PHOTO).resize(64, 64).toColourspace('rgb16').toFile(join(place, 'scan.tif'));
  });

  test.each(lines.filter((line) => line.includes('<')))('%s', async (line) => {
    const bin = fileURLToPath(new URL('../bin/unweather.js', import.meta.url));
    await promisify(exec)(line.replace('unweather', `"${process.execPath}" "${bin}"`), { cwd: place });
    expect((await sharp(join(place, written[line]![0]!)).metadata()).format).toBe('jpeg');
  });

  test.each(lines.filter((line) => !line.includes('<')))('%s', async (line) => {
    const [, ...args] = [...line.matchAll(/"([^"]+)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
    const { status, stdout, stderr } = await unweather(args, place);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).not.toBe('');
    expect(await filesIn(place)).toEqual(expect.arrayContaining(written[line]!));
  });
});
