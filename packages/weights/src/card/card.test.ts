import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { float32, hashOfWeights, type State, writeCheckpoint, writeSafetensors } from '@unweather/core-tensor';
import { type EvaluationContext, nameOf, type PictureRecord, writeEvaluation } from '@unweather/eval';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256OfFile } from '../sha256.js';
import { sampleCard, temporaryFolder } from '../test-support.js';
import { cardMarkdown, checkCard } from './card.js';
import { makeCard, makeForeignCard } from './make-card.js';
import { measuredIn } from './read-measured.js';

const weights: State = new Map([['weight', float32(Float32Array.of(1, 2, 3), [3])]]);
const facts = { data: 'Ten photographs.', licence: 'CC0-1.0', notGoodFor: 'Night.' };

const context = (sha256: string): EvaluationContext => ({
  ...{
    format: 1,
    paper: 'durn',
    title: 'A paper',
    task: 'rain',
    taskTitle: 'rain streaks',
    baseline: false,
    network: 'DuRN_S',
  },
  ...{ dataset: 'did-mdn', split: 'test', benchmark: true, pairs: 4, expected: 4, notes: [], metrics: [] },
  protocol: { name: 'durn-rain', description: 'PSNR of Y.' },
  weights: { file: 'w.safetensors', sha256 },
  provenance: {
    ...{ date: '2026-11-21T12:00:00.000Z', commit: null, versions: {}, engine: 'onnxruntime', cpu: 'a processor' },
    ...{ threads: 2, platform: 'linux' },
  },
});

const records: PictureRecord[] = ['light', 'light', 'heavy', 'heavy'].map((condition, i) => ({
  ...{ picture: `${i}`, condition, scene: `${i}`, key: `${i}` },
  input: { psnr: 20 + i, ssim: 0.5, ssimJs: 0.5 },
  restored: { psnr: 30 + i, ssim: 0.9, ssimJs: 0.9 },
}));

async function measured(sha256 = hashOfWeights(weights)) {
  const folder = await temporaryFolder();
  const path = join(folder, 'net.safetensors');
  const tensors: State = new Map([...weights, ['optimizer.exp_avg.weight', float32(new Float32Array(3), [3])]]);
  await writeCheckpoint(path, 'DuRN_S', tensors, {
    step: 900,
    seed: 7,
    recipe: { task: 'rain', recipe: { batch: 4 } },
  });
  await writeEvaluation(folder, context(sha256), records, []);
  return { path, evaluation: join(folder, `${nameOf(context(sha256))}.json`) };
}

test('a card says what the checkpoint and its evaluation say, and has the shape of cards', async () => {
  const { path, evaluation } = await measured();
  const text = cardMarkdown(await makeCard(path, [evaluation], facts));
  expect(() => checkCard(text, 'card.md')).not.toThrow();
  const lines = text.split('\n').map((line) => line.replace(/ +/g, ' '));
  for (const line of [
    '# DuRN_S, rain streaks',
    `SHA-256 of the tensors: \`${hashOfWeights(weights)}\``,
    ' "batch": 4',
    '900, seed 7.',
    '| did-mdn test, light | 2 | 20.50 | 30.50 | 0.9000 | `durn-rain` | 2026-11-21 |',
    '| did-mdn test | 4 | 21.50 | 31.50 | 0.9000 | `durn-rain` | 2026-11-21 |',
    '- `durn-rain`: PSNR of Y.',
    ...Object.values(facts),
  ])
    expect(lines.map((found) => found.trim())).toContain(line.trim());
});

test('a card tells what gates found, of these weights alone', async () => {
  const { path, evaluation } = await measured();
  const gates = join(await temporaryFolder(), 'gates.json');
  const gate = { demand: 'nine of ten pictures gain', reached: '19 of 20', passed: true };
  const write = (sha256: string) =>
    writeFile(gates, JSON.stringify({ [sha256]: [{ set: 'rain100h', pictures: 20, gates: [gate] }] }));
  await write(await sha256OfFile(path));
  const text = cardMarkdown(await makeCard(path, [evaluation], { ...facts, gates }));
  expect(text.replace(/ +/g, ' ')).toContain('| nine of ten pictures gain | rain100h | 20 | 19 of 20 | passed |');
  expect(() => checkCard(text, 'card.md')).not.toThrow();
  await write('ab'.repeat(32));
  await expect(makeCard(path, [evaluation], { ...facts, gates })).rejects.toThrow(
    `gates.json: has no entry with the hash of ${path}; write it with "verify --data DIR --out FILE"`,
  );
  await writeFile(gates, '[]');
  await expect(makeCard(path, [evaluation], { ...facts, gates })).rejects.toThrow('is not a report of the gates');
});

test('an evaluation of other weights, none, and a file without a training are refused', async () => {
  const { path, evaluation } = await measured('cd'.repeat(32));
  await expect(makeCard(path, [evaluation], facts)).rejects.toThrow(
    `it scores weights ${'cd'.repeat(32)}, but ${path} contains ${hashOfWeights(weights)}; evaluate these`,
  );
  await expect(makeCard(path, [], facts)).rejects.toThrow(
    'a card needs measured numbers; give the files that eval wrote',
  );
  await writeSafetensors(path, { tensors: weights, metadata: {} });
  await expect(makeCard(path, [evaluation], facts)).rejects.toThrow('its metadata describes no training ("network")');
  await writeSafetensors(path, { tensors: weights, metadata: { network: 'x', step: '1', seed: '1', recipe: '{' } });
  await expect(makeCard(path, [evaluation], facts)).rejects.toThrow('its metadata describes no training ("recipe")');
});

test('a card that lost a section, its order or its words is refused', async () => {
  const text = cardMarkdown(sampleCard);
  expect(() => checkCard(text.replace('## Licence', '## License'), 'card.md')).toThrow(
    'card.md: "License" stands where section "Licence" should begin; a card has Data, Recipe, Steps, Measured, Licence, Not',
  );
  expect(() => checkCard(text.replace('Snow.', ''), 'card.md')).toThrow('section "Not good for" is empty; say what');
  const path = join(await temporaryFolder(), 'x');
  await writeFile(path, text);
  expect(() => checkCard(`${text}\n## More\n\nText.\n`, path)).not.toThrow();
});

test('a card of another publisher’s weights says what is known of the training, of one set of weights', async () => {
  const { evaluation } = await measured();
  const known = { ...facts, training: 'Trained by its authors on Rain13k.' };
  const text = cardMarkdown(await makeForeignCard([evaluation], known));
  expect(() => checkCard(text, 'card.md')).not.toThrow();
  expect(text).toContain(`SHA-256 of the tensors: \`${hashOfWeights(weights)}\``);
  expect(text).toContain('## Recipe\n\nTrained by its authors on Rain13k.\n\n## Steps\n\nNot stated.\n');
  const { evaluation: other } = await measured('cd'.repeat(32));
  await expect(makeForeignCard([evaluation, other], known)).rejects.toThrow(
    /it scores weights cdcd.+, but .+json [0-9a-f]{64}; give evaluations of the same weights/,
  );
  await expect(makeForeignCard([], known)).rejects.toThrow('a card needs measured numbers; give the files that eval');
});

test('the scores of a card are read as they are printed', () => {
  const name = fc.stringMatching(/^[a-z0-9]([a-z0-9 ,|().-]{0,20}[a-z0-9])?$/);
  const hundredths = fc.integer({ min: 0, max: 9999 }).map((value) => value / 100);
  const row = fc.record({
    ...{ on: name, pictures: fc.nat(9999), psnrIn: hundredths, psnr: hundredths },
    ...{ ssim: fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000) },
    ...{ protocol: fc.constantFrom('durn-rain', 'aecr'), date: fc.constantFrom('2026-11-21', '2027-01-01') },
  });
  fc.assert(
    fc.property(fc.array(row), (rows) => {
      expect(measuredIn(cardMarkdown({ ...sampleCard, measured: rows }))).toEqual(rows);
    }),
  );
  expect(measuredIn('# A page without scores\n\n## Measured\n\nNothing.\n')).toEqual([]);
  expect(measuredIn('')).toEqual([]);
});
