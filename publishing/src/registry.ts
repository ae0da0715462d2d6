import { mkdir, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runServer } from 'verdaccio';
import { storeThirdParty } from './third-party.js';

export interface Registry {
  /** `http://127.0.0.1:PORT/` */
  readonly address: string;
  /** Folder of tarballs: `STORAGE/NAME/FILE.tgz`. */
  readonly storage: string;
  close(): Promise<void>;
}

/** Starts Verdaccio on loopback: it asks no other registry, accepts any package, and holds those of npm ci. */
export async function openRegistry(folder: string): Promise<Registry> {
  const storage = join(folder, 'storage');
  await mkdir(storage);
  await storeThirdParty(storage);
  // JSON is valid YAML, and Verdaccio expects a .yaml file.
  const config = join(folder, 'verdaccio.yaml');
  await writeFile(
    config,
    JSON.stringify({
      storage,
      uplinks: {},
      packages: { '**': { access: '$all', publish: '$all' } },
      auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: -1 } },
      web: { enable: false },
      max_body_size: '256mb',
      log: { type: 'file', path: join(folder, 'verdaccio.log'), level: 'warn' },
    }),
  );
  const server = (await runServer(config)) as Server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    storage,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
