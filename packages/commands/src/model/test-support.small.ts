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
import { basicsrProtocol } from '@unweather/eval';
import type { Network, Paper } from '../recipe.js';
import { temporaryFolder } from '../test-support.js';

/** A network that looks 4 pixels far; heavier than it looks, so that restoring takes its time. */
class Small extends Module {
  readonly pictures = { colour: 'rgb', multiple: 2, least: 8 } as const;
  readonly enter = new Conv2d(3, 32, 3, { padding: 1 });
  readonly middle = new Conv2d(32, 32, 3, { padding: 2, dilation: 2 });
  readonly leave = new Conv2d(32, 3, 3, { padding: 1 });

  protected forward(x: Tensor): Tensor {
    return this.leave.apply(relu(this.middle.apply(relu(this.enter.apply(x)))));
  }
}

/** A network that gives back what it is given. */
class Same extends Conv2d {
  constructor() {
    super(3, 3, 1, { bias: false });
  }
}

const network = (create: Network['create']): Network => ({
  ...{ create, losses: {}, gradientNoise: 0, gradientShare: 0, stepsNoise: 0 },
});
const task = (name: string) => ({
  ...{ title: name, network: name, recipes: {}, losses: {} },
  ...{ protocols: [basicsrProtocol] as [typeof basicsrProtocol], benchmarks: {}, degradation: 'rain' as const },
});
const nowhere = new URL('file:///nowhere/');

/** A paper of two networks: `same` gives pictures back, `small` does some work. */
export const paper: Paper = {
  name: 'paper',
  title: 'A paper',
  networks: { same: network(() => new Same()), small: network(() => new Small()) },
  tasks: { same: task('same'), small: task('small') },
  home: nowhere,
  protocols: nowhere,
  published: nowhere,
  goldens: nowhere,
};

/** A folder with a checkpoint of each network. */
export async function checkpoints(): Promise<{ folder: string; same: string; small: string }> {
  const folder = await temporaryFolder();
  const [same, small] = [join(folder, 'same.safetensors'), join(folder, 'small.safetensors')];
  const weights = initialState(new Same().parameters(), 1);
  const { data } = weights.get('weight')!;
  data.fill(0 as never);
  for (let i = 0; i < 3; i++) data[i * 4] = 1;
  await writeSafetensors(same, { tensors: weights, metadata: {} });
  const progress = { step: 1, seed: 1, recipe: {} };
  await writeCheckpoint(small, 'small', initialState(new Small().parameters(), 1), progress);
  return { folder, same, small };
}
