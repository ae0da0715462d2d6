import { KoschmiederNet } from '@unweather/koschmieder';
import type { ModelEntry } from '@unweather/model/entry';
import { AECRNet } from './networks/aecr-net.js';

/** AECR-Net, and our network for the same task. */
export const model = {
  name: 'aecr',
  title: 'AECR-Net, CVPR 2021',
  networks: {
    'AECR-Net': { create: () => new AECRNet() },
    KoschmiederNet: { create: () => new KoschmiederNet(4) },
  },
  tasks: { haze: { title: 'haze', network: 'AECR-Net', otherNetworks: ['KoschmiederNet'] } },
} satisfies ModelEntry;

/** Name of a task. */
export type TaskName = keyof typeof model.tasks;
