import { expect, test } from 'vitest';
import { fileReason, readWhole } from './files.js';

test('a missing file is named with the remedy', async () => {
  await expect(readWhole('/no/such/file', 'check the path')).rejects.toThrow(
    '/no/such/file: cannot be read (no such file or folder); check the path',
  );
});

test('reasons that the system’s code alone does not tell', () => {
  expect(fileReason(Object.assign(new Error(), { code: 'ESPIPE' }))).toMatch(/^it is a pipe, .+; write it to a file/);
  const missing = (path: string) => Object.assign(new Error(), { code: 'ENOENT', path });
  expect(fileReason(missing('caf\ufffd.png'))).toMatch(/name is not UTF-8/);
  expect(fileReason(missing('cafe.png'))).toBe('no such file or folder');
});
