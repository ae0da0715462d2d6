import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the model and its pixels load nothing but core-tensor and one another, so that another host can bring its own parts', () => {
  const files = ['model.js', 'follow.js', 'room.js', 'pixels.js', 'restored-pixels.js'];
  const imports = files.flatMap((file) => {
    const code = readFileSync(new URL(file, import.meta.url), 'utf8');
    return [...code.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  });
  const others = imports.filter((name) => !files.includes(name!.replace('./', '')));
  expect(new Set(others)).toEqual(new Set(['@unweather/core-tensor']));
});
