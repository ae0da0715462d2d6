import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashOfWeights, pictureSize, readCheckpoint } from '@unweather/core-tensor';
import { inProcess, runnerOf, temporaryFolder, writePairs } from '@unweather/testing';
import { expect, test } from 'vitest';
import { DuRN_P_no_norm } from '../networks/full-resolution.js';

const durn = inProcess(new URL('../cli.js', import.meta.url));
const durnProcess = runnerOf(new URL('../cli.js', import.meta.url));
const PARAMETERS = new DuRN_P_no_norm().parameters();

/** Files of a run besides its record, which every run has. */
async function withoutRecord(out: string): Promise<string[]> {
  const record = ['curve.svg', 'environment.json', 'log.jsonl', 'recipe.json'];
  const files = await readdir(out);
  expect(files).toEqual(expect.arrayContaining(record));
  return files.filter((file) => !record.includes(file) && !file.startsWith('events.out.tfevents.'));
}

test('SIGTERM, twice as timeout sends it, ends a training with its checkpoint', async () => {
  const folder = await temporaryFolder();
  const heldOut = await writePairs(folder, [[32, 32]]);
  const out = join(folder, 'out');
  const args = [
    'train',
    '--task',
    'real-noise',
    '--held-out',
    heldOut,
    '--log',
    'jsonl',
    '--steps',
    '400',
    '--out',
    out,
  ];
  const ended = await durnProcess(args, (line, child) => {
    if (!(line.includes('"event":"step"') && line.includes('"step":1,'))) return;
    child.kill('SIGTERM');
    child.kill('SIGTERM');
  });
  expect(ended).toMatchObject({ status: 143, stderr: '' });
  expect(ended.stdout).toMatch(/stopped after step \d+ of 400; go on with --resume"/);
  expect(await withoutRecord(out)).toEqual(['checkpoint.safetensors']);
});

test('a run that Ctrl-C stopped goes on bit for bit, and all its files are there in the end', {
  tags: 'whole',
}, async () => {
  const folder = await temporaryFolder();
  const heldOut = await writePairs(folder, [[32, 32]]);
  const [straight, stopped] = [join(folder, 'straight'), join(folder, 'stopped')];
  const common = ['train', '--task', 'real-noise', '--held-out', heldOut, '--log', 'jsonl'];

  const whole = await durn([...common, '--steps', '4', '--out', straight]);
  expect(whole.stderr).toBe('');
  expect(whole.status).toBe(0);
  const events = whole.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.filter(({ event }) => event === 'step').map(({ step }) => step)).toEqual([1, 2, 3, 4]);
  expect(events.at(-1)).toMatchObject({
    event: 'result',
    data: [{ picture: 'rain-0.png', protocol: 'durn-real-noise' }],
  });

  const interrupted = await durnProcess([...common, '--steps', '4', '--out', stopped], (line, child) => {
    if (line.includes('"event":"step"') && line.includes('"step":1,')) child.kill('SIGINT');
  });
  expect(interrupted.status).toBe(130);
  expect(interrupted.stdout).toMatch(/stopped after step [123] of 4; go on with --resume"/);
  expect(await withoutRecord(stopped)).toEqual(['checkpoint.safetensors']);

  const resumed = await durn([...common, '--resume', '--out', stopped]);
  expect(resumed.stderr).toBe('');
  expect(resumed.status).toBe(0);
  const files = ['checkpoint.safetensors', 'contact-sheet.png', 'held-out-real-noise.csv', 'held-out-real-noise.md'];
  // The checkpoint that the run was stopped with stays beside the last.
  expect(await withoutRecord(stopped)).toEqual([...files, 'previous-checkpoint.safetensors']);
  for (const file of files)
    expect((await readFile(join(stopped, file))).equals(await readFile(join(straight, file))), file).toBe(true);

  const photo = join(folder, 'rain-0.png');
  const checkpoint = join(straight, 'checkpoint.safetensors');
  const restored = join(folder, 'restored.png');
  expect(
    await durn(['restore', photo, '--task', 'real-noise', '--out', restored, '--weights', checkpoint]),
  ).toMatchObject({
    status: 0,
    stderr: '',
  });
  expect(await pictureSize(restored)).toEqual({ width: 32, height: 32 });

  const large = await temporaryFolder();
  await writePairs(large, [
    [32, 80],
    [32, 160],
  ]);
  const byTiles = (name: string) => [
    'restore',
    join(large, name),
    '--task',
    'real-noise',
    '--weights',
    checkpoint,
    '--tile',
    '32',
    '--log',
    'jsonl',
  ];
  const deep = await durn([...byTiles('rain-0.png'), '--depth', '16', '--out', join(large, 'deep.tiff')]);
  expect(deep).toMatchObject({ status: 0, stderr: '' });
  expect(deep.stdout).toContain('{"event":"tiles","done":9,"total":9}');
  expect(await pictureSize(join(large, 'deep.tiff'))).toEqual({ width: 80, height: 80 });
  const left = await durnProcess([...byTiles('rain-1.png'), '--out', join(large, 'left', 'x.png')], (line, child) => {
    if (line.includes('"event":"tiles"')) child.kill('SIGINT');
  });
  expect(left).toMatchObject({ status: 130, stderr: '' });
  expect(await readdir(large)).not.toContain('left');

  const results = join(folder, 'results');
  const scored = await durn([
    'eval',
    '--task',
    'real-noise',
    '--weights',
    checkpoint,
    '--data',
    heldOut,
    '--out',
    results,
  ]);
  expect(scored).toMatchObject({ status: 0, stderr: '' });
  const csv = (await readdir(results)).find((file) => /^durn-real-noise\..+\.csv$/.test(file))!;
  expect(await readFile(join(results, csv), 'utf8')).toBe(
    await readFile(join(straight, 'held-out-real-noise.csv'), 'utf8'),
  );
  expect(scored.stdout).toContain('PSNR out');

  const further = join(folder, 'further');
  const went = await durn([...common, '--steps', '1', '--pretrained', checkpoint, '--out', further]);
  expect(went).toMatchObject({ status: 0, stderr: '' });
  const read = async (path: string) => readCheckpoint(path, 'DuRN_P_no_norm', new DuRN_P_no_norm().parameters());
  const { progress } = await read(join(further, 'checkpoint.safetensors'));
  expect(progress?.recipe).toMatchObject({ pretrained: hashOfWeights((await read(checkpoint)).weights) });
});

test('a sweep trains each of its settings and compares them on the same pictures', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const pairs = await writePairs(folder, [[64, 64]]);
  const list = join(folder, 'rates.json');
  const options = { task: 'real-noise', steps: 2, data: pairs, 'held-out': pairs };
  await writeFile(list, JSON.stringify({ options, grid: { 'set.learningRate': [1e-3, 1e-6] } }));
  const out = join(folder, 'rates');
  const { status, stderr, stdout } = await durnProcess(['sweep', list, '--out', out]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/\| learningRate=0\.000001 \| +1 \| \d+\.\d\d \|.+\| +[+−]\d\.\d\d \|/);
  const rates = ['learningRate=0.001', 'learningRate=0.000001'].map(async (name) => {
    const { progress } = await readCheckpoint(join(out, name, 'checkpoint.safetensors'), 'DuRN_P_no_norm', PARAMETERS);
    return progress?.recipe;
  });
  expect(await Promise.all(rates)).toMatchObject([1e-3, 1e-6].map((learningRate) => ({ recipe: { learningRate } })));
  await expect(durnProcess(['sweep', join(folder, 'none.json')])).resolves.toMatchObject({
    status: 1,
    stderr: expect.stringContaining('none.json: cannot be read'),
  });
});
