import { browserLoaderOf } from '@unweather/commands/browser';
import { AECRNet } from './networks/aecr-net.js';

/** AECR-Net as browsers see it. */
export const aecr = {
  networks: { 'AECR-Net': () => new AECRNet() },
  tasks: { haze: { network: 'AECR-Net' } },
};

/** Opens the network with its weights; `restore` of what it gives takes photographs. */
export const load = browserLoaderOf(aecr);

export { AECRNet };
