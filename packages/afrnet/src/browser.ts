import { browserLoaderOf } from '@unweather/commands/browser';
import type { PictureNetwork } from '@unweather/core-tensor';
import { AFRNet } from './networks/afrnet.js';
import { OTHER_SIZES, SIZES } from './networks/sizes.js';

const task = { network: 'AFRNet', otherNetworks: OTHER_SIZES };

/** AFR-Net as browsers see it. */
export const afrnet = {
  networks: Object.fromEntries(
    Object.entries(SIZES).map(([name, options]) => [name, (): PictureNetwork => new AFRNet(options)]),
  ),
  tasks: { raindrop: task, rain: task },
};

/** Opens a network with its weights; `restore` of what it gives takes photographs. Default: task 'raindrop'. */
export const load = browserLoaderOf(afrnet);

export { AFRNet, SIZES };
