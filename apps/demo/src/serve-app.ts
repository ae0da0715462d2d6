import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { extname, join, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** Headers that isolate the page from other origins, so that WebAssembly can use threads. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** Serves the files of a folder. @param isolated true to send the headers that threads need */
export function serveApp(folder: string, { isolated = true } = {}): Server {
  return createServer(async (request, response) => {
    const path = join(folder, pathIn(request.url!));
    const found = path.startsWith(join(folder, sep)) ? await stat(path).catch(() => undefined) : undefined;
    if (!found?.isFile() || !['GET', 'HEAD'].includes(request.method!)) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Length': found.size,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
      ...(isolated && ISOLATED),
    });
    if (request.method === 'HEAD') response.end();
    else createReadStream(path).pipe(response);
  });
}

/** Path of the requested file; '..', which is never served, for an invalid address. */
function pathIn(url: string): string {
  try {
    return decodeURIComponent(new URL(url, 'http://localhost').pathname).replace(/\/$/, '/index.html');
  } catch {
    return '..';
  }
}
