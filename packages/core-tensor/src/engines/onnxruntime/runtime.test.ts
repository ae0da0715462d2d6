import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('a library that the system cannot load is not to be installed again', async () => {
  const code = `process.dlopen = () => {
      throw Object.assign(new Error('Error loading shared library ld-linux-x86-64.so.2'), { code: 'ERR_DLOPEN_FAILED' });
    };
    const { reasonAgainstRuntime } = await import('${new URL('runtime.js', import.meta.url).href}');
    console.log(await reasonAgainstRuntime());`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', code]);
  expect(stdout).toMatch(
    /^onnxruntime-node cannot be loaded \(Error loading shared library .+\); its library needs glibc /,
  );
});
