import type { ModelEntry, NetworkEntry } from '@unweather/model/entry';
import { MSBDN } from './networks/msbdn.js';
import { networkName, WIDTHS } from './networks/widths.js';

const widths = { network: networkName(1), otherNetworks: WIDTHS.slice(1).map(networkName) };

/** One network for three weathers, in two widths. */
export const model = {
  name: 'multiweather',
  title: 'Two-stage Knowledge Learning for Multiple Adverse Weather Removal, CVPR 2022',
  networks: Object.fromEntries(
    WIDTHS.map((width): [string, NetworkEntry] => [networkName(width), { create: () => new MSBDN(width) }]),
  ),
  tasks: {
    haze: { title: 'haze', ...widths },
    snow: { title: 'snow', ...widths },
    rain: { title: 'rain', ...widths },
  },
} satisfies ModelEntry;

/** Name of a task. */
export type TaskName = keyof typeof model.tasks;
