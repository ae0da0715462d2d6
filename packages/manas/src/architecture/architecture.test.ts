import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { float32 } from '@unweather/core-tensor';
import { temporaryFolder } from '@unweather/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BRANCHES } from '../networks/scales.js';
import { architectureNamed, edgesOf, nameOf } from './architecture.js';
import { derive } from './derive.js';
import { drawn } from './draw.js';
import { readArchitecture, writeArchitecture } from './file.js';

const cells = fc.string({ unit: fc.constantFrom('H', 'F'), minLength: 4, maxLength: 4 });
const digits = (count: number) =>
  fc.string({ unit: fc.constantFrom(...'012345678'), minLength: count, maxLength: count });
const names = fc
  .tuple(
    fc.array(cells, { minLength: 3, maxLength: 3 }),
    fc.tuple(...BRANCHES.map((branches) => fc.oneof(digits(3), digits(3 * branches)))),
    fc.constantFrom('', '-no-stem'),
    fc.constantFrom('', '-x0.5', '-x1.5'),
  )
  .map(([letters, edges, stem, width]) => `MANAS-${letters.join('-')}-${edges.join('-')}${stem}${width}`);

test('a name, the architecture and its file say the same; its picture names every edge', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'architecture.json');
  await fc.assert(
    fc.asyncProperty(names, async (name) => {
      const architecture = architectureNamed(name)!;
      expect(nameOf(architecture)).toBe(name);
      await writeArchitecture(path, architecture, 'a note');
      expect(await readArchitecture(path)).toEqual(architecture);
      const picture = drawn(architecture);
      expect(picture).toContain(name);
      for (const edges of architecture.edges.flat(2)) expect(picture).toContain(`>${edges}<`);
    }),
    { numRuns: 50, seed: 1 },
  );
});

test.each([
  'MANAS',
  'MANAS-HHHH-HHHH-HHHX-222-222-222',
  'MANAS-HHHH-HHHH-HHHH-222-222-229',
  'MANAS-HHHH-HHHH-HHHH-2222-222-222',
  'MANAS supernet',
])('"%s" is no architecture', (name) => {
  expect(architectureNamed(name)).toBeUndefined();
});

test('branches share the first nine rows, as officially, or have their own', () => {
  // Row r chooses candidate r mod 9.
  const auto = Float32Array.from({ length: 27 * 9 }, (_, i) => (i % 9 === Math.floor(i / 9) % 9 ? 1 : 0));
  const arch = Float32Array.from({ length: 24 }, (_, i) => (i % 2 === Math.floor(i / 2) % 2 ? 1 : 0));
  const alphas = new Map([
    ['arch_param', float32(arch, [12, 2])],
    ['auto_param', float32(auto, [27, 9])],
  ]);
  expect(nameOf(derive(alphas))).toBe('MANAS-HFHF-HFHF-HFHF-012-345-678');
  const own = derive(alphas, { perBranch: true, width: 0.5 });
  expect(nameOf(own)).toBe('MANAS-HFHF-HFHF-HFHF-012345-678012345-678012345678-x0.5');
  expect(edgesOf(own, 1, 2)).toEqual(['dil_conv_3x3', 'sep_conv_3x3_spatial', 'dil_conv_3x3_spatial']);
});

test('a file that is no architecture is named with what is wrong in it', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'architecture.json');
  const refused = async (change: (text: string) => string, message: RegExp) => {
    await writeArchitecture(path, architectureNamed('MANAS-HFHF-HFHF-HFHF-012-345-678')!, '');
    await writeFile(path, change(await readFile(path, 'utf8')));
    await expect(readArchitecture(path)).rejects.toThrow(message);
  };
  await refused((text) => text.slice(0, 40), /architecture\.json: not JSON/);
  await refused((text) => text.replace('"CBAM"', '"CBAN"'), /edges\.auto3\.0\.2: .+; correct the architecture/);
  await refused((text) => text.replace('"fusion", ', ''), /cells\.stage2: .+4/);
  await refused((text) => text.replace('"width": 1', '"width": 0.3'), /width: a multiple of 1\/2/);
  await refused(
    (text) => text.replace(/"auto3": \[/, '"auto3": [["none", "none", "none"], '),
    /edges\.auto3: one list of 3 for all branches, or 4 lists/,
  );
  await expect(readArchitecture(join(folder, 'none.json'))).rejects.toThrow(/none\.json: cannot be read/);
});
