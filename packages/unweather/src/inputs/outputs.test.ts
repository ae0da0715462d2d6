import { symlink, writeFile } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { PICTURE_FORMATS } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../usage-error.js';
import { planOutputs } from './outputs.js';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'a.png'), '');
  await symlink('a.png', join(folder, 'link.png'));
});

const named = (path: string) => ({ path: join(folder, path), below: path, named: true });
const below = (path: string) => ({ ...named(path), named: false });
const planned = async (pictures: ReturnType<typeof named>[], out: string, more: object = {}) => {
  const { plans } = await planOutputs(pictures, { out: join(folder, out), overwrite: false, ...more });
  return plans.map(({ output }) => output.slice(folder.length + 1));
};

describe('where pictures go', () => {
  test('one to a file of that name, or into a folder', async () => {
    expect(await planned([named('a.png')], 'b.jpeg')).toEqual(['b.jpeg']);
    expect(await planned([named('a.png')], 'b')).toEqual(['b/a.png']);
    expect(await planned([named('a.png')], 'b.d/')).toEqual(['b.d/a.png']);
    expect(await planned([below('a.png')], 'b.2026')).toEqual(['b.2026/a.png']);
  });

  test('the format is that of the input, or the one that is named; a GIF of one frame becomes PNG', async () => {
    const animated = [{ ...below('a.gif'), header: { frames: 3, width: 9, height: 9 } }];
    expect([await planned(animated, 'o'), await planned(animated, 'o', { frame: 2 })]).toEqual([
      ['o/a.gif'],
      ['o/a.png'],
    ]);
    expect(await planned([below('a.jfif'), below('b.jpe')], 'o')).toEqual(['o/a.jfif', 'o/b.jpe']);
    const pictures = ['x/a.JPG', 'x/b.gif', 'c.tif', 'd.txt'].map(below);
    expect(await planned(pictures, 'o')).toEqual(['o/x/a.JPG', 'o/x/b.png', 'o/c.tif', 'o/d.png']);
    const webp = await planned(pictures, 'o', { format: 'webp' });
    expect(webp).toEqual(['o/x/a.webp', 'o/x/b.webp', 'o/c.webp', 'o/d.webp']);
    expect((await planned(pictures, 'o', { format: 'tiff' }))[2]).toBe('o/c.tif');
  });

  test('every picture has a file of its own below the folder, or all are refused', async () => {
    const names = fc.array(
      fc.tuple(
        fc.constantFrom('', 'x', 'x/y', 'ä b'),
        fc.constantFrom('a', 'b', 'c'),
        fc.constantFrom('png', 'jpg', 'gif'),
      ),
      { minLength: 2, maxLength: 8 },
    );
    const formats = fc.option(fc.constantFrom(...PICTURE_FORMATS), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(names, formats, async (parts, format) => {
        const paths = [...new Set(parts.map(([place, name, ending]) => join(place, `${name}.${ending}`)))];
        fc.pre(paths.length > 1);
        const stems = paths.map((path) => {
          const { dir, name, ext } = parse(path);
          return join(dir, `${name}.${format ?? ext.replace('.gif', '.png').slice(1)}`);
        });
        const outputs = planned(paths.map(below), 'o', { ...(format && { format }) });
        if (new Set(stems).size < paths.length) {
          await expect(outputs).rejects.toThrow(/would both become/);
          return;
        }
        expect((await outputs).map((output) => dirname(output))).toEqual(paths.map((path) => join('o', dirname(path))));
        expect(new Set(await outputs).size).toBe(paths.length);
      }),
    );
  });
});

describe('what is refused', () => {
  const refused = (pictures: ReturnType<typeof named>[], out: string, message: RegExp, more: object = {}) =>
    expect(planned(pictures, out, more)).rejects.toThrow(
      expect.objectContaining({ constructor: UsageError, message: expect.stringMatching(message) }),
    );

  test('a file for several pictures, for a folder, or of another ending', async () => {
    await refused([named('a.png'), named('b.png')], 'o.png', /o\.png: is one file, but 2 pictures are to be restored/);
    await refused([below('b.png')], 'o.png', /is one file, but a folder or pattern is to be restored; give a folder/);
    await refused([below('b.png')], 'a.png', /a\.png: is one file/);
    await refused(
      [named('a.png')],
      'o.bmp',
      /o\.bmp: the name must end in \.png, \.jpg, .+; choose one of these formats/,
    );
    await refused([named('a.png')], 'o.png', /ending does not fit --format webp; change one/, { format: 'webp' });
  });

  test('an output that is an input, by whatever name, unless it is allowed', async () => {
    await refused([named('a.png')], 'a.png', /a\.png: is one of the inputs; write to another .+ --overwrite$/);
    await refused([named('a.png')], 'link.png', /link\.png: is one of the inputs/);
    await refused([below('a.png'), below('b.png')], '.', /a\.png: is one of the inputs/);
    expect(await planned([named('a.png')], 'a.png', { overwrite: true })).toEqual(['a.png']);
  });
});
