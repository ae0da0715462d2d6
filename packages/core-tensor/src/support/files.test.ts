import { expect, test } from 'vitest';
import { readWhole } from './files.js';

test('a missing file is named with the remedy', async () => {
  await expect(readWhole('/no/such/file', 'check the path')).rejects.toThrow(
    '/no/such/file: cannot be read (no such file or folder); check the path',
  );
});
