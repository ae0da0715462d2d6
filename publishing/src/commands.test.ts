import { exec } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { publishable, ROOT } from './workspace.js';

const commands = (await publishable()).flatMap(({ folder, manifest }) =>
  Object.entries(manifest.bin ?? {}).map(([name, file]) => [name, join(ROOT, 'packages', folder, file)] as const),
);

test.skipIf(process.platform === 'win32').each(commands)(
  '%s tells in one line that too few files may be open',
  async (name, file) => {
    await access(file, constants.X_OK);
    // Help of unweather loads too little.
    const command = name === 'unweather' ? 'models' : '--help';
    const ended = await promisify(exec)(`ulimit -n 40; "${file}" ${command}`).catch((thrown: unknown) => thrown);
    const stderr = 'error: too many open files; allow more, for instance with "ulimit -n 1024"\n';
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr });
  },
);
