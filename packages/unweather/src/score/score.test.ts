import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readPicture } from '@unweather/core-tensor';
import { basicsrProtocol, METRICS, matlabProtocol, type Protocol, readEvaluations } from '@unweather/eval';
import { readSources, reportPage } from '@unweather/report';
import { temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { METRIC_NAMES } from '../options.js';
import { PAPERS } from '../papers.js';
import { PHOTO, truncated, unweather } from '../test-support.js';
import type { ScoresFile } from './results.js';

const SIDE = 64;
/** Corners of the photograph: three scenes. */
const SCENES = { a: 0, b: 64, 'x.y': 128 };
let place: string;
const score = (...args: string[]) => unweather(['score', ...args], place);
const json = async (...args: string[]) => JSON.parse((await score(...args, '--json')).stdout) as ScoresFile;

beforeAll(async () => {
  place = await temporaryFolder();
  for (const folder of ['truth', 'soft', 'softer', 'whole', 'empty', 'mixed', 'twice', 'others'])
    await mkdir(join(place, folder));
  for (const [name, at] of Object.entries(SCENES)) {
    const crop = () => sharp(PHOTO).extract({ left: at, top: at, width: SIDE, height: SIDE });
    await crop().toFile(join(place, 'truth', `${name}.png`));
    await crop()
      .blur(1)
      .jpeg({ quality: 95 })
      .toFile(join(place, 'soft', `${name}.jpg`));
    await crop()
      .blur(4)
      .toFile(join(place, 'softer', `${name}.png`));
  }
  await sharp(PHOTO).toFile(join(place, 'whole', 'coffee.png'));
  await sharp(PHOTO)
    .extract({ left: 0, top: 0, width: 40, height: SIDE })
    .toFile(join(place, 'mixed', 'a.png'));
  await sharp(join(place, 'soft', 'b.jpg')).toFile(join(place, 'mixed', 'b.png'));
  await writeFile(join(place, 'mixed', 'x.y.png'), await truncated());
  await writeFile(join(place, 'mixed', 'notes.txt'), 'no picture');
  for (const ending of ['png', 'jpg']) await sharp(PHOTO).toFile(join(place, 'twice', `a.${ending}`));
  await sharp(PHOTO).toFile(join(place, 'others', 'z.png'));
});

test('each score is that of the protocol and the metric, for files of the same names', async () => {
  const { study } = await PAPERS.durn.study();
  const durn = study.tasks.rain!.protocols[0];
  const protocols: Protocol[] = [matlabProtocol, basicsrProtocol, durn];
  const { rulers } = await json(
    ...['soft', 'truth', '--protocol', protocols.map(({ name }) => name).join(',')],
    ...['--metrics', 'psnr,ssim,gmsd'],
  );
  expect(rulers.map(({ protocol }) => protocol!.name)).toEqual(['matlab', 'basicsr', durn.name]);
  for (const [i, protocol] of protocols.entries())
    for (const { name, sets } of rulers[i]!.rows) {
      const restored = await readPicture(join(place, 'soft', `${name}.jpg`));
      const truth = await readPicture(join(place, 'truth', `${name}.png`));
      const gmsd = METRICS.gmsd!.measure(restored, truth);
      expect(sets).toEqual([{ ...protocol.score(restored, truth), gmsd }]);
    }
  const [{ rows, folders }] = rulers as [(typeof rulers)[0]];
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(SCENES));
  const mean = rows.reduce((sum, { sets }) => sum + sets[0]!.psnr!, 0) / 3;
  expect(folders[0]!.means.psnr!.mean).toBeCloseTo(mean, 12);
});

test('several folders are compared picture by picture, on the terminal and in files', async () => {
  const { status, stdout } = await score(
    ...['soft', '--input', 'softer', '--truth', 'truth', '--protocol', 'matlab', '-o', 'out'],
  );
  expect(status).toBe(0);
  expect(stdout).toMatch(/^\| mean +\| +\d\d\.\d\d \| +\d\d\.\d\d \| +0\.\d{4} \| +0\.\d{4} \|$/m);
  expect(stdout).toMatch(
    /^\| soft − softer +\| psnr ↑ +\| +\+\d+\.\d{3} \| .* to .* \| 3 better, 0 worse, 0 equal \| +0\.25 \| +3 \|$/m,
  );
  expect(stdout).toContain('wrote out/scores.html\n');
  const read = (file: string) => readFile(join(place, 'out', file), 'utf8');
  const [head, ...lines] = (await read('scores.csv')).trimEnd().split('\n');
  expect(head).toBe('results,picture,file,protocol,psnr,ssim');
  expect(lines).toHaveLength(6);
  const { rulers } = JSON.parse(await read('scores.json')) as ScoresFile;
  const [{ differences, folders }] = rulers as [(typeof rulers)[0]];
  const [softer, soft] = folders.map(({ means }) => means.psnr!.mean);
  expect(differences[0]!.mean).toBeCloseTo(soft! - softer!, 9);
  const page = await read('scores.html');
  for (const text of ['soft − softer', 'By matlab', 'x.y', folders[0]!.means.psnr!.mean.toFixed(2)])
    expect(page).toContain(text);
  const [evaluation] = await readEvaluations(join(place, 'out'));
  expect(evaluation!.summary.at(-1)!.restored.psnr!.mean).toBeCloseTo(soft!, 9);
  expect(evaluation!.summary.at(-1)!.gain.mean).toBeCloseTo(soft! - softer!, 9);
  const sources = await readSources({ results: join(place, 'out'), published: [] });
  expect(await reportPage(join(place, 'out'), sources)).toContain(`${evaluation!.network}`);
});

test('published numbers stand beside the measured ones, or why they are not compared', async () => {
  const { published, rulers } = await json(
    ...['soft', 'truth', '--protocol', 'matlab,durn-rain', '--against', 'durn:did-mdn'],
  );
  const { study } = await PAPERS.durn.study();
  const file = JSON.parse(await readFile(study.published, 'utf8')) as { dataset: string }[];
  expect(published.map(({ result }) => result)).toEqual(file.filter(({ dataset }) => dataset === 'did-mdn'));
  for (const { result, differences, reason } of published) {
    const ruler = rulers.find(({ protocol }) => protocol!.name === result.protocol);
    if (ruler === undefined || result.condition !== undefined)
      expect([differences, reason === '']).toEqual([[], false]);
    else expect(differences[0]!.psnr).toBeCloseTo(ruler.folders[0]!.means.psnr!.mean - result.psnr, 9);
  }
  const { stdout } = await score('soft', 'truth', '--against', 'durn:did-mdn');
  expect(stdout).toContain('Compare with published numbers only if these are all pictures of that split');
});

test('metrics without a reference need no truths', async () => {
  const { rulers, truth } = await json('whole', '--metrics', 'niqe');
  expect(truth).toBeNull();
  const picture = await readPicture(PHOTO);
  expect(rulers[0]!.rows).toEqual([{ name: 'coffee', sets: [{ niqe: METRICS.niqe!.measure(picture, picture) }] }]);
});

test('two files are a pair, whatever their names', async () => {
  const { rulers } = await json('soft/a.jpg', 'truth/a.png');
  expect(rulers[0]!.folders[0]!.pictures).toBe(1);
});

test('a picture that cannot be scored is named and counted, and the others are scored', async () => {
  const { status, stdout, stderr } = await score('mixed', 'truth', '-o', 'partly');
  expect(status).toBe(1);
  expect(stderr.split('\n')).toEqual([
    '1 file is left out as no pictures: mixed/notes.txt',
    'failed: mixed/a.png: is 40×64, its truth truth/a.png is 64×64; score pictures of one size',
    expect.stringMatching(/^failed: mixed\/x\.y\.png: /),
    'error: 2 of 3 pictures could not be scored and are in no mean; the lines above say why',
    '',
  ]);
  expect(stdout).toMatch(/^\| pictures +\| +1 \| +1 \|$/m);
  expect(await readdir(join(place, 'partly'))).toContain('scores.json');
});

test('pictures without a partner are listed once', async () => {
  await sharp(PHOTO).toFile(join(place, 'soft', 'more.png'));
  const { stderr } = await score('soft', 'softer', '--truth', 'truth');
  expect(stderr).toContain('one picture has no partner of the same name: soft/more.png (no truth)\n');
});

test.each([
  [
    'an unknown metric',
    ['soft', 'truth', '--metrics', 'pnsr'],
    'there is no metric "pnsr"; did you mean psnr? There are',
  ],
  [
    'an unknown protocol',
    ['soft', 'truth', '--protocol', 'durn-rains'],
    'there is no protocol "durn-rains"; did you mean durn-rain? There are',
  ],
  [
    'a protocol that nothing uses',
    ['whole', '--metrics', 'niqe', '--protocol', 'matlab'],
    '--protocol says how psnr and ssim are computed; add one of them to --metrics',
  ],
  [
    'no truths',
    ['soft', '--metrics', 'psnr,niqe'],
    'psnr, niqe: a truth is needed for each picture; name the folder of the truths with --truth',
  ],
  [
    'LPIPS without weights',
    ['soft', 'truth', '--metrics', 'lpips'],
    'lpips needs its weights, two files: --lpips NETWORK',
  ],
  ['a missing folder', ['nowhere', 'truth'], 'nowhere: no such file or folder; check the path'],
  ['an empty folder', ['empty', 'truth'], 'empty: there is no picture in this folder; add --recursive'],
  [
    'no common name',
    ['others', 'truth'],
    'no picture of others (z.png) has the name of one of truth (a.png, b.png, x.y.png); give result and truth the same name',
  ],
  [
    'two files of one name',
    ['twice', 'truth'],
    'twice: a.jpg and a.png have one name, so it is not clear which to score',
  ],
  ['a folder named twice', ['soft', 'soft', '--truth', 'truth'], 'soft: named twice; name each folder once'],
  ['standard input', ['-', 'truth'], 'standard input holds one picture; give folders'],
  ['an unknown paper', ['soft', 'truth', '--against', 'durm:did-mdn'], 'there is no paper "durm"; did you mean durn?'],
  [
    'a dataset without numbers',
    ['soft', 'truth', '--against', 'durn:did-mnd'],
    'there is no published number "durn:did-mnd"; did you mean durn:did-mdn?',
  ],
])('%s is one line, and nothing is done', async (_, args, message) => {
  const { status, stdout, stderr } = await score(...args);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^error: .*\n$/);
  expect(stderr).toContain(message);
});

test('the help names every metric', () => {
  expect([...METRIC_NAMES].sort()).toEqual(['psnr', 'ssim', 'lpips', ...Object.keys(METRICS)].sort());
});
