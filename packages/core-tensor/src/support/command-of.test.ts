import { expect, test } from 'vitest';
import { commandOf } from './command-of.js';

test.each([
  ['file:///repository/packages/durn/', 'npx nx run durn:train -- --task rain'],
  ['file:///app/node_modules/@unweather/durn/', 'npx --package @unweather/durn durn train --task rain'],
])('a command of a package in %s', (home, text) => {
  expect(commandOf({ home: new URL(home), name: 'durn' }, 'train --task rain')).toBe(text);
});

test('a program may be called otherwise than its package, and a command may have no options', () => {
  const place = { home: new URL('file:///app/node_modules/@unweather/datasets/'), name: 'datasets' };
  expect(commandOf({ ...place, program: 'unweather-datasets' }, 'list')).toBe(
    'npx --package @unweather/datasets unweather-datasets list',
  );
  expect(commandOf({ ...place, home: new URL('file:///r/packages/datasets/') }, 'list')).toBe(
    'npx nx run datasets:list',
  );
});
