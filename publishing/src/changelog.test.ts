import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { changelogSections, released } from './changelog.js';
import { publishable, ROOT } from './workspace.js';

const LOG = `# Changelog

## [Unreleased]

### Added

- Rain is removed.

## [0.1.0] - 2026-01-31

### Fixed

- Nothing.
`;

test('the change log begins with what is unreleased, and tells of the released version', async () => {
  const [first, ...releases] = changelogSections(await readFile(join(ROOT, 'CHANGELOG.md'), 'utf8'));
  expect(first!.name).toBe('Unreleased');
  const { manifest } = (await publishable()).find(({ folder }) => folder === 'durn')!;
  // Packages depend on each other as "*" until the first release.
  const isReleased = manifest.dependencies!['@unweather/core-tensor'] !== '*';
  expect(releases.map(({ name }) => name).slice(0, 1)).toEqual(isReleased ? [manifest.version] : []);
  expect(releases.map(({ date }) => date)).toEqual(
    releases
      .map(({ date }) => date)
      .sort()
      .reverse(),
  );
});

test('a release takes the unreleased notes, and leaves an empty section', () => {
  expect(changelogSections(released(LOG, '0.2.0', '2026-02-28'))).toEqual([
    { name: 'Unreleased', notes: '' },
    { name: '0.2.0', date: '2026-02-28', notes: '### Added\n\n- Rain is removed.' },
    { name: '0.1.0', date: '2026-01-31', notes: '### Fixed\n\n- Nothing.' },
  ]);
});

test.each([
  ['nothing to release', released(LOG, '0.2.0', '2026-02-28'), '0.3.0', /nothing stands under Unreleased; note there/],
  ['a version that is released', LOG, '0.1.0', /0\.1\.0 is there already; release another version/],
  ['no version', LOG, 'next', /"next" is no version; give one like 0\.2\.0/],
  [
    'a heading without a date',
    LOG.replace(' - 2026-01-31', ''),
    '0.2.0',
    /"## \[0\.1\.0\]" is no heading of a release/,
  ],
  [
    'another kind of change',
    LOG.replace('Added', 'News'),
    '0.2.0',
    /"### News" is no kind of change; choose one of Added/,
  ],
])('%s is refused', (_what, log, version, message) => {
  expect(() => released(log, version, '2026-03-31')).toThrow(message);
});
