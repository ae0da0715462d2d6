import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Picture, Random, resizedBilinear, toPlanes } from '@unweather/core-tensor';
import { changedGolden, goldenSummary, parityRows, runnerOf, someGoldens, temporaryFolder } from '@unweather/testing';
import { expect, test } from 'vitest';

const multiweather = runnerOf(new URL('../cli.js', import.meta.url));

test('golden values of every kind hold', async () => {
  const names = ['contrast.a.json', 'student.trace.a.json', 'transfer.a.json'];
  const goldens = await someGoldens(new URL('../../goldens/', import.meta.url), names);
  const { status, stdout } = await multiweather(['parity', '--goldens', goldens]);
  expect(stdout.trim().split('\n').at(-1)).toBe('60 passed, 0 failed');
  expect(status).toBe(0);
});

test('every golden value of the official code holds', { tags: 'whole' }, async () => {
  const { status, stdout } = await multiweather(['parity']);
  expect(stdout.trim().split('\n').at(-1)).toBe('117 passed, 0 failed');
  expect(status).toBe(0);
});

test('facts come from the files, and one that cannot be checked leaves the others', { tags: 'whole' }, async () => {
  const folder = await temporaryFolder();
  const change = <T>(from: string, to: string, how: (golden: T) => unknown) =>
    changedGolden(new URL(`../../goldens/${from}`, import.meta.url), join(folder, to), how);
  // Case with a crop of another size, resized here.
  const bytes = (kind: string): Picture => {
    const random = Random.named(`input:small-b:${kind}`);
    const data = Uint8Array.from({ length: 20 * 45 * 3 }, () => Math.floor(256 * random.uniform()));
    return { width: 45, height: 20, data };
  };
  const cropped = (kind: string) => {
    const values = new Float32Array(3 * 48 * 48);
    toPlanes(resizedBilinear(bytes(kind), { width: 48, height: 48 }), 'rgb', values);
    return goldenSummary(values, [3, 48, 48]);
  };
  const pair = { case: 'small-b', image: [20, 45, 3], returned_target: cropped('in'), returned_input: cropped('gt') };
  await writeFile(join(folder, 'small-pair.b.json'), JSON.stringify(pair));
  type Words = { kind: string };
  await change('inference.a.json', 'inference.gain.json', (golden: Words) => ({
    ...golden,
    kind: golden.kind.replace('gain 0.6', 'gain 0.5'),
  }));
  await change('inference.a.json', 'inference.silent.json', (golden: Words) => ({ ...golden, kind: 'inference' }));
  const twin = ({ case: name, loss, gradient }: Record<string, unknown>) => ({
    ...{ case: name, loss, gradient },
    kind: 'float64 evaluation of student.train.ke-z.json from the same float32 weights and images',
  });
  await change('student.train.ke-a.json', 'student.train.ke-a.float64.json', twin);
  await change(
    'student.train.ke-a.json',
    'student.train.ke-size.json',
    ({ input: _, ...golden }: { input: unknown }) => golden,
  );
  await change(
    'student.train.kc-b.json',
    'student.train.kc-plain.json',
    (golden: { gradient: Record<string, number> }) => ({
      ...golden,
      images_per_teacher: undefined,
      gradient: { 'conv_input.conv2d.bias': golden.gradient['conv_input.conv2d.bias'] },
    }),
  );
  await change('student.steps.a.json', 'student.steps.words.json', (golden: object) => ({
    ...golden,
    optimiser: 'as ever',
  }));
  await change('student.steps.a.json', 'student.steps.counts.json', (golden: object) => ({
    ...golden,
    images_per_teacher: [2, 1],
  }));
  await change('transfer.a.json', 'transfer.level.json', ({ levels, ...golden }: { levels: object[] }) => ({
    ...golden,
    levels: [{ ...levels[0], level: 4 }],
  }));
  const ended = await multiweather(['parity', '--goldens', folder]);
  const rows = parityRows(ended);
  const of = (file: string, held: boolean) =>
    rows.filter((row) => row.file === file && row.held === held).map(({ quantity }) => quantity);
  expect(of('small-pair.b.json', true).sort()).toEqual(['input', 'target']);
  expect(of('inference.gain.json', true)).toEqual(['resized picture']);
  expect(of('inference.gain.json', false)).toContain('prediction');
  const reasons = Object.fromEntries(
    rows.filter(({ quantity }) => quantity === 'not checked').map(({ file, where }) => [file, where]),
  );
  expect(reasons).toEqual({
    'inference.silent.json': 'kind "inference": it does not say "gain …" of the network',
    'student.train.ke-a.float64.json': expect.stringContaining('student.train.ke-z.json'),
    'student.train.ke-size.json': expect.stringMatching(/^input: /),
    'student.train.kc-plain.json': expect.stringContaining('teachers cannot be counted'),
    'student.steps.words.json': expect.stringContaining('optimiser "as ever": it is not understood'),
    'student.steps.counts.json': '"images_per_teacher" 2, 1 do not make the batch of 2',
    'transfer.level.json': 'level 4: there are only 4, from 0',
  });
  expect(ended.status).toBe(1);
});
