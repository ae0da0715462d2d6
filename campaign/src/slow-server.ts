import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A server on loopback that sends a file slowly, whole or from a byte on. */
export interface SlowServer {
  readonly url: string;
  close(): void;
}

/** Serves a file under a name. */
export async function serveSlowly(bytes: Uint8Array, name: string): Promise<SlowServer> {
  const server = createServer((request, response) => {
    const start = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, {
      ...{ 'content-length': bytes.length - start, etag: '"one"' },
      ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    void (async () => {
      const PART = 16_384;
      for (let at = start; at < bytes.length && !response.destroyed; at += PART) {
        response.write(bytes.subarray(at, at + PART));
        await setTimeout(10);
      }
      response.end();
    })();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
