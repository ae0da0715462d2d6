import { expect, test } from 'vitest';
import { keptSizes, measureSizes } from './measure-sizes.js';
import { sizeTable } from './size-table.js';
import { bytesBelow } from './sizes.js';
import { type Package, publishable, ROOT } from './workspace.js';

const named = (packages: readonly Package[], folder: string) => packages.find((one) => one.folder === folder)!;

test('publishing/sizes.json names every package, and those that browsers take', async () => {
  const [packages, kept] = [await publishable(), await keptSizes()];
  expect(Object.keys(kept)).toEqual(packages.map(({ manifest }) => manifest.name));
  for (const { manifest } of packages)
    expect(kept[manifest.name]!.browser !== undefined, manifest.name).toBe('./browser' in manifest.exports!);
});

test('what is measured is the tarball, and the browser’s entry with all that it imports', async () => {
  const packages = await publishable();
  const sizes = await measureSizes([named(packages, 'durn'), named(packages, 'report')]);
  const { durn, report } = { durn: sizes['@unweather/durn']!, report: sizes['@unweather/report']! };
  const weights = await bytesBelow(`${ROOT}/packages/durn/weights`);
  expect(durn.unpacked).toBeGreaterThan(weights);
  // It includes core-tensor and onnxruntime-web; durn's own code is 30 kB.
  expect(durn.browser).toBeGreaterThan(100_000);
  expect(report.unpacked).toBeGreaterThan(await bytesBelow(`${ROOT}/packages/report/style`));
  expect(report.browser).toBeUndefined();
});

test('the table shows what grew, shrank, came and went', () => {
  const before = { a: { unpacked: 2000, browser: 900 }, b: { unpacked: 500 }, gone: { unpacked: 1000 } };
  const now = { a: { unpacked: 3500, browser: 700 }, b: { unpacked: 500 }, new: { unpacked: 100 } };
  const rows = sizeTable(now, before).split('\n').slice(2);
  expect(
    rows.map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    ),
  ).toEqual([
    ['a', '3.5', '2.0', '+1.5', '0.7', '0.9', '-0.2'],
    ['b', '0.5', '0.5', '', '', '', ''],
    ['gone', '', '1.0', '-1.0', '', '', ''],
    ['new', '0.1', '', '+0.1', '', '', ''],
  ]);
});
