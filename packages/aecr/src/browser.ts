import { browserLoaderOf } from '@unweather/commands/browser';
import type { PictureNetwork } from '@unweather/core-tensor';
import { AECRNet } from './networks/aecr-net.js';
import { KoschmiederNet } from './networks/koschmieder-net.js';

/** AECR-Net, and ours for haze, as browsers see them. */
export const aecr = {
  networks: {
    'AECR-Net': (): PictureNetwork => new AECRNet(),
    KoschmiederNet: (): PictureNetwork => new KoschmiederNet(),
  },
  tasks: { haze: { network: 'AECR-Net', otherNetworks: ['KoschmiederNet'] } },
};

/** Opens the network with its weights; `restore` of what it gives takes photographs. */
export const load = browserLoaderOf(aecr);

export { AECRNet, KoschmiederNet };
