import { expect, test } from 'vitest';
import { addressOf } from './address.js';

test('a long name keeps its end in the cache, with room for what is added to it', () => {
  const long = `${'long-'.repeat(49)}x.safetensors`;
  const { file } = addressOf(`https://example.org/${long}`);
  expect(file).toHaveLength(200);
  expect(long.endsWith(file)).toBe(true);
  expect(addressOf('https://example.org/a/net.pth?key=1').file).toBe('net.pth');
});
