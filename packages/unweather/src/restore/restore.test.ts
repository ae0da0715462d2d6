import { chmod, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { load } from '@unweather/durn';
import { temporaryFolder } from '@unweather/testing';
import sharp from 'sharp';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  eventsOf,
  filesIn,
  PHOTO,
  truncated,
  unweather,
  unweatherProcess,
  writePhoto,
  writeWeights,
} from '../test-support.js';

/** Folder that holds weights, shared by all tests: a fresh one for each would be written twenty times. */
let place: string;
beforeAll(async () => {
  place = await temporaryFolder();
  await writeWeights(place, 'noise');
});
beforeEach(async () => {
  for (const folder of ['in', 'out']) await rm(join(place, folder), { recursive: true, force: true });
});

const photos = async (...names: string[]) => {
  for (const name of names) await writePhoto(join(place, 'in', name));
};
const restore = (...args: string[]) =>
  unweather(['restore', ...args, '--model', 'durn:noise', '--threads', '1'], place);
const outputs = () => filesIn(join(place, 'out')).catch(() => []);

describe('pictures', () => {
  test('one becomes what the model gives', async () => {
    await photos('a.png');
    const { status, stdout, stderr } = await restore('in/a.png', '-o', 'out/b.png');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^durn:noise \(DuRN_P, runs\/durn\/noise-quick\/checkpoint\.safetensors\) on onnxruntime-node cpu, 1 thread\n1\/1 in\/a\.png → out\/b\.png \(48×48\)\n1 restored in \d+\.\d s\n$/,
    );
    const weights = join(place, 'runs/durn/noise-quick/checkpoint.safetensors');
    const model = await load({ task: 'noise', weights, threads: 1 });
    const expected = await (await model.restore(join(place, 'in/a.png'))).toBuffer('png');
    await model.dispose();
    expect((await readFile(join(place, 'out/b.png'))).equals(expected)).toBe(true);
  });

  test('a tree keeps its folders, spaces and letters; a loop ends; what fails stops no other and is named', async () => {
    await photos('a b.png', 'Ünter wegs/日本.jpg', 'deep/er/c.webp');
    await symlink('..', join(place, 'in/deep/loop'));
    await symlink('nowhere.png', join(place, 'in/gone.png'));
    await writeFile(join(place, 'in/half.png'), await truncated());
    const { status, stdout, stderr } = await restore('in', '-o', 'out', '--recursive');
    expect(status).toBe(1);
    expect(await outputs()).toEqual(['a b.png', 'deep/er/c.webp', 'Ünter wegs/日本.jpg']);
    const [gone, half, last] = stderr.trimEnd().split('\n');
    expect(gone).toBe('failed: in/gone.png: cannot be read (no such file or folder); check the path');
    expect(half).toMatch(/^failed: in\/half\.png: not a readable picture \(.+\); give another one$/);
    expect(last).toBe('error: 2 of 5 pictures failed, the others are written; the lines above say why');
    expect(stdout).toMatch(/\n3 restored, 2 failed in .+ s\n$/);
    expect((await sharp(join(place, 'out/deep/er/c.webp')).metadata()).width).toBe(48);
  });

  // Root may read everything.
  test.skipIf(process.getuid?.() === 0)('that may not be read fail alone', async () => {
    await photos('a.png', 'b.png');
    await chmod(join(place, 'in/a.png'), 0);
    const { status, stderr } = await restore('in', '-o', 'out');
    expect([status, await outputs()]).toEqual([1, ['b.png']]);
    expect(stderr).toMatch(/failed: in\/a\.png: cannot be read \(permission denied\)/);
  });

  test('keep their 16 bits where the format has them, and their frames; what is lost or left out is told', async () => {
    await photos('a.png');
    const words = Uint16Array.from({ length: 48 * 48 * 3 }, (_, i) => (i * 7919) % 65536);
    const deep = sharp(words, { raw: { width: 48, height: 48, channels: 3 } }).toColourspace('rgb16');
    await deep.png().toFile(join(place, 'in/deep.png'));
    const frame = await readFile(join(place, 'in/a.png'));
    const other = await sharp(frame).flip().toBuffer();
    const animated = await sharp([frame, other], { join: { animated: true } })
      .webp({ delay: [70, 80] })
      .toBuffer();
    await writeFile(join(place, 'in/anim.webp'), animated);
    await writeFile(join(place, 'in/notes.txt'), 'text');
    await writeFile(join(place, 'in/._a.png'), 'AppleDouble');
    const { status, stdout } = await restore('in', '-o', 'out');
    expect(status).toBe(0);
    expect(stdout).toContain('1 file is left out as no pictures: in/notes.txt\n');
    expect(stdout).toContain('in/anim.webp → out/anim.webp (48×48, 2 frames)');
    expect(await outputs()).toEqual(['a.png', 'anim.webp', 'deep.png']);
    expect((await sharp(join(place, 'out/deep.png')).metadata()).depth).toBe('ushort');
    expect(await sharp(join(place, 'out/anim.webp')).metadata()).toMatchObject({ pages: 2, delay: [70, 80] });
    const shallow = await restore('in/deep.png', '-o', 'out/deep.jpg');
    expect(shallow.stdout).toContain('1 of 1 written with 8 of their 16 bits, all that the format holds; --format png');
    const flat = await restore('in/anim.webp', '-o', 'out/anim.png');
    expect([flat.status, flat.stderr]).toEqual([
      1,
      expect.stringMatching(
        /out\/anim\.png: png stores one frame, and the picture has 2; write webp, gif, tiff with --format, or choose one with --frame 1/,
      ),
    ]);
    expect((await restore('in/anim.webp', '-o', 'out/anim.png', '--frame', '2')).status).toBe(0);
    expect((await restore('in/anim.webp', '-o', 'out/x.png', '--frame', '3')).stderr).toMatch(
      /there is no frame 3; give a number from 1 to 2/,
    );
  });

  test('keep their metadata, or what is chosen of them', async () => {
    await mkdir(join(place, 'in'), { recursive: true });
    const exif = { IFD0: { Copyright: 'Ada 2026', Make: 'Camera' }, IFD3: { GPSLatitudeRef: 'N' } };
    await sharp(PHOTO).resize(48, 32).withExif(exif).withMetadata({ orientation: 6 }).toFile(join(place, 'in/a.jpg'));
    const texts = async (...args: string[]) => {
      expect((await restore('in/a.jpg', '-o', 'out/a.jpg', ...args)).status).toBe(0);
      const { exif: block, orientation = 1, width } = await sharp(join(place, 'out/a.jpg')).metadata();
      expect([orientation, width]).toEqual([1, 32]);
      return ['Ada 2026', 'Camera'].filter((text) => block?.toString('latin1').includes(text));
    };
    expect(await texts()).toEqual(['Ada 2026', 'Camera']);
    expect(await texts('--metadata', 'copyright')).toEqual(['Ada 2026']);
    expect(await texts('--metadata', 'none')).toEqual([]);
  });

  test('in place only where that is said', async () => {
    await photos('a.png');
    const before = await readFile(join(place, 'in/a.png'));
    const refused = await restore('in', '-o', 'in');
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toBe('error: in/a.png: is one of the inputs; write to another folder, or add --overwrite\n');
    expect((await readFile(join(place, 'in/a.png'))).equals(before)).toBe(true);
    expect((await restore('in', '-o', 'in', '--overwrite')).status).toBe(0);
    expect((await readFile(join(place, 'in/a.png'))).equals(before)).toBe(false);
  });
});

describe('events', () => {
  test('a line of JSON each; with --skip-existing what is there is left as it is', async () => {
    await photos('a.png', 'b.png', 'c.png');
    await mkdir(join(place, 'out'));
    await writeFile(join(place, 'out/b.png'), 'mine');
    await writeFile(join(place, 'in/c.png'), '');
    const ended = await restore('in', '-o', 'out', '--skip-existing', '--log', 'jsonl', '--tile', '32');
    expect(ended.status).toBe(1);
    const events = eventsOf(ended);
    const [skipped, start] = events;
    expect(skipped).toEqual({ event: 'skipped', input: 'in/b.png', output: 'out/b.png', done: 1, total: 3 });
    expect(start).toEqual({
      event: 'start',
      pictures: 2,
      model: 'durn:noise',
      network: 'DuRN_P',
      weights: 'runs/durn/noise-quick/checkpoint.safetensors',
      engine: 'onnxruntime-node cpu',
      threads: 1,
      others: [],
    });
    const tiles = events.filter(({ event }) => event === 'tiles');
    const count = tiles[0]!.total as number;
    expect(count).toBeGreaterThan(1);
    expect(tiles.map(({ input, done }) => [input, done])).toEqual(
      Array.from({ length: count }, (_, i) => ['in/a.png', i + 1]),
    );
    const restored = {
      event: 'restored',
      input: 'in/a.png',
      output: 'out/a.png',
      width: 48,
      height: 48,
      tiles: count,
      done: 2,
    };
    expect(events.at(-3)).toMatchObject(restored);
    expect(events.at(-2)).toMatchObject({ event: 'failed', input: 'in/c.png', output: 'out/c.png', done: 3, total: 3 });
    const end = { event: 'end', restored: 1, skipped: 1, failed: 1, apart: 0, interrupted: false };
    expect(events.at(-1)).toMatchObject(end);
    expect(await readFile(join(place, 'out/b.png'), 'utf8')).toBe('mine');
  });

  test('pictures in tiles are counted where the network looks at the whole of each', async () => {
    await writeWeights(place, 'rain');
    await photos('a.png');
    const by = (tile: string) =>
      unweather(['restore', 'in', '-o', 'out', '-m', 'durn:rain', '--log', 'jsonl', '--tile', tile], place);
    for (const [tile, apart] of [
      ['32', 1],
      ['48', 0],
    ] as const)
      expect(eventsOf(await by(tile)).at(-1)).toMatchObject({ event: 'end', restored: 1, apart });
  });

  test.each([[['--log', 'jsonl']], [['--json']]])('where all is there, no network is opened: %j', async (spelling) => {
    await photos('a.png');
    await writePhoto(join(place, 'out/a.png'));
    const ended = await restore('in', '-o', 'out', '--skip-existing', ...spelling);
    expect([ended.status, eventsOf(ended).map(({ event }) => event)]).toEqual([0, ['skipped', 'end']]);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends it with %i; what is written then is whole, and nothing else lies there',
    async (signal, status) => {
      const names = Array.from({ length: 8 }, (_, i) => `${i + 10}.png`);
      for (const name of names) await writePhoto(join(place, 'in', name), 96);
      const ended = await unweatherProcess(
        ['restore', 'in', '-o', 'out', '-m', 'durn:noise', '--threads', '1', '--log', 'jsonl'],
        (line, child) => line.includes('"restored"') && line.includes('"done":2,') && child.kill(signal),
        place,
      );
      const events = eventsOf(ended);
      expect([ended.status, ended.stderr]).toEqual([status, '']);
      expect(events.at(-1)).toMatchObject({ event: 'end', interrupted: true, failed: 0 });
      const written = await outputs();
      expect(written.length).toBeGreaterThanOrEqual(2);
      expect(written.length).toBeLessThan(names.length);
      expect(names).toEqual(expect.arrayContaining(written));
      for (const name of written) expect((await sharp(join(place, 'out', name)).stats()).channels).toHaveLength(3);
      const rest = await restore('in', '-o', 'out', '--skip-existing', '--log', 'jsonl');
      expect(eventsOf(rest).at(-1)).toMatchObject({ skipped: written.length, restored: names.length - written.length });
    },
  );
});

test('weights come by URL once, into the cache', async () => {
  const bytes = await readFile(join(place, 'runs/durn/noise-quick/checkpoint.safetensors'));
  const server = createServer((_, response) => response.writeHead(200, { 'content-length': bytes.length }).end(bytes));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  process.env.UNWEATHER_CACHE = join(place, 'cache');
  try {
    await photos('a.png', 'b.png');
    const weights = `http://127.0.0.1:${(server.address() as AddressInfo).port}/w.safetensors`;
    const by = (name: string) => restore(`in/${name}`, '-o', `out/${name}`, '--weights', weights, '--log', 'jsonl');
    const first = await by('a.png');
    expect(first.status).toBe(0);
    expect(eventsOf(first)).toContainEqual({ event: 'download', done: bytes.length, total: bytes.length });
    expect(eventsOf(first)).toContainEqual(expect.objectContaining({ event: 'start', weights }));
    server.close();
    expect(eventsOf(await by('b.png')).map(({ event }) => event)).toEqual(['start', 'restored', 'end']);
  } finally {
    delete process.env.UNWEATHER_CACHE;
    server.close();
  }
});

describe('places', () => {
  test('are file: URLs as well as paths, of inputs, outputs and weights', async () => {
    await photos('a b.png');
    const url = (path: string) => pathToFileURL(join(place, path)).href;
    const weights = url('runs/durn/noise-quick/checkpoint.safetensors');
    const ended = await restore(url('in/a b.png'), `--out=${url('out/x y.png')}`, '--weights', weights);
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(await outputs()).toEqual(['x y.png']);
    for (const bad of ['file://host/a.png', 'file:///a%2Fb.png']) {
      const refused = await restore(bad, '-o', 'out');
      expect([refused.status, refused.stdout]).toEqual([2, '']);
      expect(refused.stderr).toMatch(/^error: file:.+: names no file of this machine \(.+\); give a path, .+\n$/);
    }
  });

  test('with brackets are read and written', async () => {
    await photos('of (2024)/[raw]/a.png', 'of (2024)/[raw]/{b}/c.png');
    const ended = await restore('in/of (2024)/[raw]/**/*.png', '-o', 'out/[new] (1)');
    expect([ended.status, ended.stderr]).toEqual([0, '']);
    expect(await outputs()).toEqual(['[new] (1)/a.png', '[new] (1)/{b}/c.png']);
  });

  test.runIf(process.platform === 'linux')('that the system denies end at once', async () => {
    await photos('a.png');
    const { status, stderr } = await restore('in/a.png', '-o', '/proc/x/y.png');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^error: \/proc\/x: cannot write there \(no such file or folder\); choose another folder\n$/,
    );
  });

  test('with names of 255 bytes are written; longer ones are refused before the work', async () => {
    const longest = `${'x'.repeat(251)}.png`;
    await photos(longest);
    expect((await restore('in', '-o', 'out')).status).toBe(0);
    expect(await outputs()).toEqual([longest]);
    const { status, stdout, stderr } = await restore('in', '-o', 'out', '--format', 'webp');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /x\.webp: the name is too long for a file; choose another with -o, or rename the picture\n$/,
    );
  });
});

describe('failures are counted as they are', () => {
  const last = async (...args: string[]) =>
    (await restore('in', '-o', 'out', ...args)).stderr.trimEnd().split('\n').at(-1);
  const broken = async (...names: string[]) => {
    await mkdir(join(place, 'in'), { recursive: true });
    for (const name of names) await writeFile(join(place, 'in', name), 'none');
  };

  test('one alone, all of several, one of two, and beside skipped ones', async () => {
    await broken('a.png');
    expect(await last()).toBe('error: the picture failed; the line above says why');
    await broken('b.png');
    expect(await last()).toBe('error: all 2 pictures failed; the lines above say why');
    await photos('b.png');
    expect(await last()).toBe('error: 1 of 2 pictures failed, the other is written; the line above says why');
    await photos('c.png');
    const text = 'error: 1 of 3 pictures failed, the others are there; the line above says why';
    expect(await last('--skip-existing')).toBe(text);
  });
});

describe('what cannot be done is told in one line', () => {
  const told = async (args: string[], status: number, message: RegExp) => {
    const ended = await restore(...args);
    expect([ended.status, ended.stdout]).toEqual([status, '']);
    expect(ended.stderr).toMatch(message);
    expect(ended.stderr.trimEnd()).not.toContain('\n');
  };

  test('before anything is done, with status 2', async () => {
    await photos('a.png', 'a.jpg', 'sub/b.png');
    await Promise.all([
      told(['in/none.png', '-o', 'out'], 2, /^error: in\/none\.png: no such file or folder; check the path\n$/),
      told(['in/*.gif', '-o', 'out'], 2, /^error: in\/\*\.gif: no picture matches this pattern/),
      told(['in', '-o', 'out', '--format', 'png'], 2, /in\/a\.jpg and in\/a\.png would both become out\/a\.png; /),
      told(['in', '-o', 'out', '--depth', '16'], 2, /out\/a\.jpg: --depth 16 works with PNG and TIFF only; add/),
    ]);
    expect(await outputs()).toEqual([]);
  });

  test('by the option that is wrong', async () => {
    await Promise.all([
      told(['in', '-o', 'out', '--tiles', '32'], 2, /unknown option '--tiles' \(Did you mean --tile\?\)/),
      told(
        ['in', '-o', 'out', '--tile', '1.5'],
        2,
        /'--tile <pixels>' argument '1\.5' is invalid\. It must be a whole/,
      ),
      told(['in', '-o', 'out', '--threads', '0'], 2, /It must be 1 or more/),
      told(['in', '-o', 'out', '--quality', '101'], 2, /It must be at most 100/),
      told(['in', '-o', 'out', '--format', 'bmp'], 2, /'--format <name>' argument 'bmp' is invalid/),
      told(['in'], 2, /required option '-o, --out <file or folder>' not specified/),
      told(['-o', 'out'], 2, /missing required argument 'inputs'/),
    ]);
  });

  test('an output folder that cannot be written, and weights that cannot be read, with status 1', async () => {
    await photos('a.png');
    await writeFile(join(place, 'in/file'), '');
    await Promise.all([
      told(['in/a.png', '-o', 'in/file/out'], 1, /in\/file\/out: cannot write there \(a part of the path is a file/),
      told(['in/a.png', '-o', 'out', '--weights', 'x.pth'], 1, /^error: x\.pth: cannot be read \(no such file/),
    ]);
  });
});
