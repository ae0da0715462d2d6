import { join } from 'node:path';
import {
  Conv2d,
  initialState,
  Module,
  relu,
  type Tensor,
  writeCheckpoint,
  writeSafetensors,
} from '@unweather/core-tensor';
import type { InstalledModel } from './entry.js';
import { temporaryFolder } from './test-support.js';

/** A network with a receptive field of radius 4; heavier than it looks, so that restoring takes its time. */
class Small extends Module {
  readonly pictures = { colour: 'rgb', multiple: 2, least: 8 } as const;
  readonly enter = new Conv2d(3, 32, 3, { padding: 1 });
  readonly middle = new Conv2d(32, 32, 3, { padding: 2, dilation: 2 });
  readonly leave = new Conv2d(32, 3, 3, { padding: 1 });

  protected forward(x: Tensor): Tensor {
    return this.leave.apply(relu(this.middle.apply(relu(this.enter.apply(x)))));
  }
}

/** A network that returns its input. */
class Same extends Conv2d {
  constructor() {
    super(3, 3, 1, { bias: false });
  }
}

/** A model of two networks: `same` returns pictures unchanged, `small` does some work. */
export const small: InstalledModel<'same' | 'small'> = {
  name: 'paper',
  title: 'A paper',
  networks: { same: { create: () => new Same() }, small: { create: () => new Small() } },
  tasks: { same: { title: 'same', network: 'same' }, small: { title: 'small', network: 'small' } },
  home: new URL('file:///nowhere/'),
};

/** Creates a folder with a checkpoint of each network. */
export async function checkpoints(): Promise<{ folder: string; same: string; small: string }> {
  const folder = await temporaryFolder();
  const files = { folder, same: join(folder, 'same.safetensors'), small: join(folder, 'small.safetensors') };
  const weights = initialState(new Same().parameters(), 1);
  const { data } = weights.get('weight')!;
  data.fill(0 as never);
  for (let i = 0; i < 3; i++) data[i * 4] = 1;
  await writeSafetensors(files.same, { tensors: weights, metadata: {} });
  const progress = { step: 1, seed: 1, recipe: {} };
  await writeCheckpoint(files.small, 'small', initialState(new Small().parameters(), 1), progress);
  return files;
}
