import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const serve = (...args: string[]) =>
  spawn(process.execPath, [fileURLToPath(new URL('./serve.js', import.meta.url)), ...args]);

test('files are served isolated, nothing beside them, and a port that is taken is said', async () => {
  const app = await mkdtemp(join(tmpdir(), 'unweather-'));
  await writeFile(join(app, 'index.html'), '<p>here</p>');
  const server = serve('--app', app, '--port', '0');
  try {
    const [line] = (await once(server.stdout, 'data')) as [Buffer];
    const [, address, port] = /^(http:\/\/127\.0\.0\.1:(\d+)\/) \(Ctrl-C ends it\)\n$/.exec(String(line))!;
    const page = await fetch(address!);
    expect(await page.text()).toBe('<p>here</p>');
    expect([
      page.headers.get('content-type'),
      page.headers.get('cross-origin-opener-policy'),
      page.headers.get('cross-origin-embedder-policy'),
    ]).toEqual(['text/html; charset=utf-8', 'same-origin', 'require-corp']);
    for (const path of ['none.html', '%zz', '..%2f..%2fetc%2fpasswd', '%00'])
      expect((await fetch(`${address}${path}`)).status).toBe(404);
    const second = serve('--app', app, '--port', port!);
    const [error] = (await once(second.stderr, 'data')) as [Buffer];
    expect(String(error)).toMatch(
      new RegExp(`^error: 127\\.0\\.0\\.1:${port} cannot be served \\(.*EADDRINUSE.*\\); choose another --port\\n$`),
    );
    expect((await once(second, 'exit'))[0]).toBe(1);
  } finally {
    server.kill();
  }
});
