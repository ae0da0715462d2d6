import type { ModelEntry, NetworkEntry } from '@unweather/model/entry';
import { AFRNet } from './networks/afrnet.js';
import { OTHER_SIZES, SIZES } from './networks/sizes.js';

const sizes = { network: 'AFRNet', otherNetworks: OTHER_SIZES };

/** AFR-Net in all its sizes. */
export const model = {
  name: 'afrnet',
  title: 'AFR-Net, TIP 2021',
  networks: Object.fromEntries(
    Object.entries(SIZES).map(([name, options]): [string, NetworkEntry] => [
      name,
      { create: () => new AFRNet(options) },
    ]),
  ),
  tasks: { raindrop: { title: 'raindrops', ...sizes }, rain: { title: 'rain streaks', ...sizes } },
} satisfies ModelEntry;

/** Name of a task. */
export type TaskName = keyof typeof model.tasks;
