import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('the model and its pixels load nothing but core-tensor and one another, so that another host can bring its own parts', () => {
  const imports = ['model.js', 'pixels.js', 'restored-pixels.js'].flatMap((file) => {
    const code = readFileSync(new URL(file, import.meta.url), 'utf8');
    return [...code.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
  });
  expect(new Set(imports)).toEqual(new Set(['@unweather/core-tensor']));
});
