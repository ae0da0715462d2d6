import { browserLoaderOf } from '@unweather/commands/browser';
import type { PictureNetwork } from '@unweather/core-tensor';
import { MSBDN } from './networks/msbdn.js';
import { networkName, WIDTHS } from './networks/widths.js';

const task = { network: networkName(1), otherNetworks: WIDTHS.slice(1).map(networkName) };

/** The paper as browsers see it. */
export const multiweather = {
  networks: Object.fromEntries(WIDTHS.map((width) => [networkName(width), (): PictureNetwork => new MSBDN(width)])),
  tasks: { haze: task, snow: task, rain: task },
};

/** Opens a network with its weights; `restore` of what it gives takes photographs. Default: task 'haze'. */
export const load = browserLoaderOf(multiweather);

export { MSBDN };
