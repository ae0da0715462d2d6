import type { PictureNetwork } from '@unweather/core-tensor';
import { test } from 'vitest';

/**
 * Declares a test for each of a paper's networks. The first runs every time, the others in `test:all`.
 * @param title with %s for the network's name
 */
export function testEachNetwork(
  networks: Readonly<Record<string, { create(): PictureNetwork }>>,
  title: string,
  body: (network: PictureNetwork) => Promise<void>,
): void {
  for (const [i, [name, { create }]] of Object.entries(networks).entries())
    test(title.replace('%s', name), i === 0 ? {} : { tags: 'whole' }, () => body(create()));
}
