import { browserLoaderOf } from '@unweather/commands/browser';
import { architectureNamed, nameOf } from './architecture/architecture.js';
import { embedded } from './architecture/embedded.js';
import { DerivedNetwork } from './networks/derived.js';

/** MANAS as browsers see it: any network whose checkpoint says its name. */
export const manas = {
  networks: { [nameOf(embedded)]: () => new DerivedNetwork(embedded) },
  tasks: { rain: { network: nameOf(embedded) } },
  found(name: string) {
    const architecture = architectureNamed(name);
    return architecture && new DerivedNetwork(architecture);
  },
};

/** Opens a network with its weights; `restore` of what it gives takes photographs. */
export const load = browserLoaderOf(manas);

export { DerivedNetwork };
