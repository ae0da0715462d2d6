import { copyFile, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { Loader } from '../loader.js';
import { readMeta, readMetaList } from '../meta.js';
import { openPicture } from '../picture-file.js';
import { listener, temporaryFolder, writePicture } from '../test-support.js';
import { pairFolders } from './pairs.js';

const embedded = fileURLToPath(new URL('../../embedded/', import.meta.url));
let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});

/** Writes small pictures of noise. */
async function write(folder: string, names: readonly string[], width = 8, height = 6) {
  for (const name of names) await writePicture(join(home, folder, name), width, height);
}

/** Runs the command on the folders `gt` and `in`; gives the meta file's entries and what was said. */
async function run(options: Partial<Parameters<typeof pairFolders>[0]> = {}) {
  const reporter = listener();
  const folders = options.degrade || options.halves ? {} : { input: join(home, 'in') };
  const truth = options.halves ? {} : { truth: join(home, 'gt') };
  const out = join(home, 'meta.json');
  const usual = { ...truth, ...folders, out, centre: false, seed: 7, allowPartial: 0 };
  const metas = await pairFolders({ ...usual, ...options }, reporter);
  const lists: [string, string][][] = [];
  for (const meta of metas) lists.push(JSON.parse(await readFile(meta, 'utf8')));
  return { entries: lists[0]!, heldOut: lists[1], metas, said: reporter.said };
}

describe('the usual rules', () => {
  test.each<[string, string[], string[], string]>([
    ['same names of other endings', ['1.PNG', 'a b.png'], ['1.jpg', 'a b.webp'], '{id}={id}'],
    ['nested folders', ['x/1.png', 'y/1.png'], ['x/1.jpg', 'y/1.png'], '{id}={id}'],
    ['SOTS', ['1400.png', '1401.png'], ['1400_1.png', '1400_2.png', '1401_1.png'], '{id}_{level}={id}'],
    ['RESIDE outdoors', ['0001.png', '0002.png'], ['0001_0.8_0.2.jpg', '0002_1_0.16.jpg'], '{id}_{level}={id}'],
    ['RainDrop', ['0_clean.png', '1_clean.png'], ['0_rain.png', '1_rain.png'], '{id}_rain={id}_clean'],
    ['Rain100H', ['norain-001.png', 'norain-010.png'], ['rain-001.png', 'rain-010.png'], 'rain-{id}=norain-{id}'],
    [
      'Rain100H, X2',
      ['norain-1.png', 'norain-2.png'],
      ['norain-1x2.png', 'norain-2x2.png'],
      '{id}x{level:digits}={id}',
    ],
    ['a folder per level', ['1.png', '2.png'], ['heavy/1.png', 'heavy/2.png', 'light/1.png'], '{level}/{id}={id}'],
    ['NH-HAZE', ['01_GT.png', '02_GT.png'], ['01_hazy.png', '02_hazy.png'], '{id}_hazy={id}_GT'],
    ['one pair', ['coffee_clean.png'], ['coffee_rain.png'], '{id}_rain={id}_clean'],
  ])('%s', async (_what, truths, inputs, rule) => {
    await write('gt', truths);
    await write('in', inputs);
    const { entries, said } = await run();
    expect(said[0]).toMatch(/^\d+ inputs? fit \d+ truths? by --match /);
    expect(said[0]).toContain(`'${rule}'`);
    expect(entries.map(([, input]) => input.slice(3)).sort()).toEqual(inputs.sort());
    expect(new Set(entries.map(([truth]) => truth.slice(3)))).toEqual(new Set(truths));
    expect((await run({ match: rule })).entries).toEqual(entries);
  });

  test('several that pair the files differently are listed, and nothing is written', async () => {
    await write('gt', ['1.png', '2.png']);
    await write('in', ['1_1.png', '1_2.png', '2_1.png', '2_2.png']);
    await expect(run()).rejects.toThrow(
      /in: 2 rules pair the files differently; choose one: --match '\{id\}_\{level\}=\{id\}' \(4 inputs, 1_1\.png with 1\.png\), --match '\{level\}_\{id\}=\{id\}' \(4 inputs, 1_1\.png with 1\.png\)/,
    );
    expect(await readdir(home)).toEqual(['gt', 'in']);
    expect((await run({ match: '{level}_{id}={id}' })).entries[1]).toEqual(['gt/2.png', 'in/1_2.png']);
  });

  test('none that fits is said, with names', async () => {
    await write('gt', ['a.png']);
    await write('in', ['b.png', 'c.png']);
    await expect(run()).rejects.toThrow(
      "in: no usual rule pairs inputs such as b.png, c.png with truths such as a.png; give the rule, for example --match '{id}_{level}={id}', or compare",
    );
  });
});

describe('a rule that is given', () => {
  beforeEach(async () => {
    await write('gt', ['a_b.png', 'a.png']);
    await write('in', ['a_b_1.png', 'a_c.png', 'other.jpg']);
  });

  test('pairs what it fits, and names what it does not, and what fits twice', async () => {
    const wrong =
      /meta\.json: 1 pair; 1 input without a truth \(other\.jpg\); 1 truth without an input \(a_b\.png\); 1 unclear or unusable \(a_b_1\.png: fits several truths: .+\); correct them, or continue without them by --allow-partial 3$/;
    await expect(run({ match: '{id}_{level}.png={id}.png' })).rejects.toThrow(wrong);
    const { entries, said } = await run({ match: '{id}_{level}.png={id}.png', allowPartial: 3 });
    expect(entries).toEqual([['gt/a.png', 'in/a_c.png']]);
    expect(said[1]).toMatch(/^left out: 1 input without a truth \(other\.jpg\); 1 truth/);
    expect((await run({ match: '{id}_{level:digits}={id}', allowPartial: 3 })).entries).toEqual([
      ['gt/a_b.png', 'in/a_b_1.png'],
    ]);
  });

  test.each<[string, RegExp]>([
    ['{id}.png', /--match \{id\}\.png: has 0 signs "=", where one is needed; write INPUT=TRUTH, for example/],
    ['{id}#left={id}', /names a part of a file, which --halves is for/],
    ['{id={id}', /its braces do not form a field/],
    ['{id}=a', /one side has no field/],
    ['{id}={other}', /the truth has the field \{other\}, which the input lacks/],
    [
      'x{id}=y{id}',
      /meta\.json: 0 pairs; 3 inputs without a truth \(.+\); 2 truths .+; correct the files or the rule$/,
    ],
  ])('%s is refused', async (match, message) => {
    await expect(run({ match })).rejects.toThrow(message);
  });
});

test('files left over are counted, and ten are named', async () => {
  await write('gt', ['a.png']);
  await write('in', ['a.png', ...Array.from({ length: 12 }, (_, i) => `b${i}.png`)]);
  await expect(run()).rejects.toThrow(/1 pair; 12 inputs without a truth \(b0\.png, .+, b9\.png, …\); correct/);
});

test('two files of one name are unclear', async () => {
  await write('gt', ['a.png', 'b.png']);
  await write('in', ['a.png', 'a.jpg', 'b.png']);
  await expect(run()).rejects.toThrow(/\(a\.jpg and a\.png: have one name and one truth\)/);
});

test('unreadable pictures and other sizes are named; --centre takes the middle', async () => {
  await write('gt', ['a.png', 'b.png', 'c.png'], 8, 6);
  await write('gt', ['d.png'], 10, 8);
  await write('in', ['a.png', 'd.png'], 8, 6);
  await write('in', ['b.png'], 9, 6);
  await writeFile(join(home, 'in/c.png'), 'text');
  const rest =
    'gt/b.png and in/b.png: differ in size, 8×6 and 9×6, gt/c.png and in/c.png: .+c\\.png: not a readable picture.+';
  await expect(run()).rejects.toThrow(
    new RegExp(
      `1 pair; 3 unclear or unusable \\(${rest}, gt/d.png and in/d.png: the truth is larger, 10×8 and 8×6; --centre takes`,
    ),
  );
  const { entries } = await run({ centre: true, allowPartial: 2 });
  expect(entries).toEqual([
    ['gt/a.png', 'in/a.png'],
    ['gt/d.png#centre-8x6', 'in/d.png'],
  ]);
});

test('clutter is ignored, links are followed, loops end; a backslash in a name is refused', async () => {
  await write('gt', ['a.png', '._a.png', '.hidden/x.png']);
  await write('in', ['a.png']);
  await write('more', ['b.png']);
  await write('gt/more', ['b.png']);
  await symlink(join(home, 'more'), join(home, 'in/more'));
  await symlink(join(home, 'in'), join(home, 'more/loop'));
  expect((await run()).entries).toHaveLength(2);
  if (process.platform === 'win32') return;
  await rename(join(home, 'in/a.png'), join(home, 'in/a\\a.png'));
  await expect(run()).rejects.toThrow(
    /a\\a\.png: has a backslash in its name, which a meta file cannot hold; rename it/,
  );
});

test('folders apart from the meta file have a root of their own, which is said', async () => {
  await write('data/gt', ['a.png']);
  await write('data/in', ['a.png']);
  const [truth, input, out] = ['data/gt', 'data/in', 'lists/meta.json'].map((path) => join(home, path));
  const { entries, said } = await run({ truth, input, out: out! });
  expect(entries).toEqual([['gt/a.png', 'in/a.png']]);
  expect(said.at(-1)).toBe(`the paths are relative to ${join(home, 'data')}; give it with --root`);
  expect(await readMeta(out!, join(home, 'data'))).toMatchObject([{ truth: join(truth!, 'a.png') }]);
});

test('halves of one picture', async () => {
  await write('both', ['1.jpg', '2.jpg'], 16, 6);
  await write('both', ['odd.jpg'], 15, 6);
  const halves = join(home, 'both');
  await expect(run({ halves })).rejects.toThrow('--halves: give the half of the clean picture by --truth-half');
  await expect(run({ halves, truthHalf: 'right' })).rejects.toThrow(/odd\.jpg#left: .*differ in size, 8×6 and 7×6/);
  await rm(join(halves, 'odd.jpg'));
  const { entries, metas } = await run({ halves, truthHalf: 'right' });
  expect(entries[0]).toEqual(['both/1.jpg#right', 'both/1.jpg#left']);
  expect((await openPicture((await readMeta(metas[0]!))[0]!.truth)).width).toBe(8);
});

describe('scenes', () => {
  const names = ['dog', 'waves', 'house', 'chelsea', 'drum'];
  beforeEach(async () => {
    for (const name of names) {
      const from = join(embedded, 'train', `${name}.png`);
      for (const path of [`gt/${name}.png`, `in/${name}_1.png`, `in/${name}_2.png`]) {
        await mkdir(dirname(join(home, path)), { recursive: true });
        await copyFile(from, join(home, path));
      }
    }
    await copyFile(join(home, 'gt/dog.png'), join(home, 'gt/again.png'));
    await copyFile(join(home, 'gt/dog.png'), join(home, 'in/again_1.png'));
  });

  test('are held out whole, with truths that show the same; one seed gives the same bytes', async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 3; seed++) {
      const { entries, heldOut, metas, said } = await run({ heldOut: 0.4, seed });
      expect(metas[1]).toBe(join(home, 'meta.held-out.json'));
      expect(said).toContain('truths that show the scene of another, and stay with it: 1');
      expect(entries.length + heldOut!.length).toBe(11);
      const scenes = (list: [string, string][]) => new Set(list.map(([truth]) => truth.replace('again', 'dog')));
      expect(scenes(heldOut!).size).toBe(2);
      expect([...scenes(heldOut!)].filter((scene) => scenes(entries).has(scene))).toEqual([]);
      if (seed === 0) expect((await run({ heldOut: 2, seed })).heldOut).toEqual(heldOut);
      seen.add(JSON.stringify(heldOut));
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  test('one must be left to train on', async () => {
    await expect(run({ heldOut: 5 })).rejects.toThrow(
      '--held-out 5: the pairs show 5 scenes, and one must be left to train on; hold out fewer',
    );
  });
});

describe('weather on clean pictures', () => {
  beforeEach(() => write('gt', ['a.png', 'sub/b.jpg'], 48, 40));

  test('is written as training sees it with the seed', async () => {
    const look = join(home, 'look');
    const { entries, metas, said } = await run({ degrade: ['rain-drawn', 'haze-light'], write: look });
    expect(entries[1]).toEqual(['gt/a.png', 'gt/a.png#haze-light']);
    expect(said.at(-1)).toBe(`wrote the 4 inputs of ${metas[0]} to ${look}`);
    const files = ['a-rain-drawn.png', 'a-haze-light.png', 'sub/b-rain-drawn.png', 'sub/b-haze-light.png'];
    const pairs = await readMeta(metas[0]!);
    const order = { pairs, order: 'list', visit: 'pair', seed: 7 } as const;
    const loader = new Loader({ ...order, batch: 4, crop: { width: 48, height: 40 }, flip: false });
    const { value } = await loader.batches(0).next();
    await loader.close();
    for (const [index, file] of files.entries()) {
      const { data } = await openPicture(join(look, file));
      const plane = 48 * 40;
      const trained = Array.from(data, (_, i) => {
        const at = index * 3 * plane + (i % 3) * plane + Math.floor(i / 3);
        return Math.round((value as { input: Float32Array }).input[at]! * 255);
      });
      expect(Array.from(data)).toEqual(trained);
    }
    const other = join(home, 'other');
    await run({ degrade: ['rain-drawn'], write: other, seed: 8 });
    expect(await readFile(join(other, files[0]!))).not.toEqual(await readFile(join(look, files[0]!)));
  });

  test('is refused where two pictures would have one name, and among the truths', async () => {
    await write('gt', ['a.jpg'], 48, 40);
    await expect(run({ degrade: ['rain-drawn'], write: join(home, 'look') })).rejects.toThrow(
      /a\.jpg and .+a\.png: would both be written as a-rain-drawn\.png; rename one/,
    );
    expect(await readdir(home)).toEqual(['gt']);
    await expect(run({ degrade: ['rain-drawn'], write: join(home, 'gt/look') })).rejects.toThrow(
      /--write .+look: lies in .+, whose pictures are the truths; give another folder/,
    );
  });
});

test.each<[string, Partial<Parameters<typeof pairFolders>[0]>, RegExp]>([
  ['no input', { input: undefined }, /no inputs: give one of --input DIR, --halves DIR and --degrade WEATHER-LEVEL/],
  ['two sources', { degrade: ['rain-drawn'], input: 'in' }, /--input and --degrade: give one of/],
  ['no truth', { truth: undefined }, /--input: give the folder of clean pictures by --truth/],
  ['one folder twice', { truth: 'in', input: 'in' }, /in: is both --truth and --input; give two folders, or --halves/],
  ['a rule for halves', { halves: 'in', match: '{id}={id}' }, /--match: belongs to --input, not to --halves; leave it/],
  ['a half of folders', { truthHalf: 'left' }, /--truth-half: belongs to --halves, not to --input/],
  ['writing pairs', { write: 'x' }, /--write: belongs to --degrade, not to --input/],
  ['an unknown weather', { degrade: ['fog'] }, /--degrade fog: is no weather with a level, .+ rain, dense-rain/],
  ['an unknown level', { degrade: ['rain-mild'] }, /--degrade rain-mild: there is no rain-mild; choose one of light/],
  ['a folder that is missing', { truth: '/nowhere' }, /\/nowhere: cannot be read \(no such file or folder\); check/],
  ['a file for a folder', { truth: fileURLToPath(import.meta.url) }, /is a file; give a folder of pictures/],
])('%s is refused', async (_what, options, message) => {
  await expect(run(options)).rejects.toThrow(message);
});

test('a folder without pictures is refused', async () => {
  await write('gt', ['a.png']);
  await mkdir(join(home, 'in'));
  await expect(run()).rejects.toThrow(/in: contains no pictures; give a folder of PNG, JPEG, WebP or TIFF files/);
});

describe('a folder in place of a meta file', () => {
  test('is paired by its names; its identity is that of the meta file', async () => {
    await write('Clean', ['1.png', '2.png']);
    await write('rainy', ['1_a.png', '2_a.png']);
    const { pairs, root, sha256 } = await readMetaList(home, '/elsewhere');
    expect([root, pairs.length]).toEqual([home, 2]);
    expect(pairs[1]).toMatchObject({
      name: 'entry 1',
      truth: join(home, 'Clean/2.png'),
      input: join(home, 'rainy/2_a.png'),
    });
    const { metas } = await run({ truth: join(home, 'Clean'), input: join(home, 'rainy') });
    expect((await readMetaList(metas[0]!)).sha256).toBe(sha256);
  });

  test('is refused without its two folders, with two of a kind, and with files left over', async () => {
    await expect(readMeta(home)).rejects.toThrow(/is a folder without one of clean pictures, named truth, gt, /);
    await write('gt', ['1.png', '2.png']);
    await expect(readMeta(home)).rejects.toThrow(/is a folder without one of degraded pictures, named input, /);
    await write('rain', ['1.png']);
    await expect(readMeta(home)).rejects.toThrow(
      /: 1 pair by the rule \{id\}=\{id\}, 1 truth without an input \(2\.png\); remove these files, or write a meta file/,
    );
    await write('Input', ['1.png']);
    await expect(readMeta(home)).rejects.toThrow(/has 2 folders of degraded pictures, .+; move one away/);
  });
});
