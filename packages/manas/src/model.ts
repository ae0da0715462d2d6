import type { ModelEntry, NetworkEntry } from '@unweather/model/entry';
import { type Architecture, architectureNamed, nameOf } from './architecture/architecture.js';
import { embedded } from './architecture/embedded.js';
import { isOfUnusedCandidate } from './checkpoint/unused.js';
import { DerivedNetwork } from './networks/derived.js';

const networkOf = (architecture: Architecture): NetworkEntry => ({
  create: () => new DerivedNetwork(architecture),
  unused: (tensor) => isOfUnusedCandidate(architecture, tensor),
});

/** MANAS: the default network, and every other one that a checkpoint names. */
export const model = {
  name: 'manas',
  title: 'MANAS, TCSVT 2023',
  networks: { [nameOf(embedded)]: networkOf(embedded) },
  found: {
    named(name: string) {
      const architecture = architectureNamed(name);
      return architecture && networkOf(architecture);
    },
  },
  tasks: { rain: { title: 'rain streaks', network: nameOf(embedded) } },
} satisfies ModelEntry;

/** Name of a task. */
export type TaskName = keyof typeof model.tasks;
