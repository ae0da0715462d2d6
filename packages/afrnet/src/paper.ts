import type { EquippedLoss, Network, Paper, Task } from '@unweather/commands';
import { distillation } from './losses/distillation.js';
import { restoration } from './losses/restoration.js';
import { similarityAndDifference } from './losses/similarity.js';
import { AFRNet, type AfrOptions } from './networks/afrnet.js';
import { asIdentity } from './networks/as-identity.js';
import { OTHER_SIZES, SIZES } from './networks/sizes.js';
import { checkBlocks, checkOutputs, checkState } from './parity/networks.js';
import { checkPipeline } from './parity/pipeline.js';
import { checkTraining } from './parity/training.js';
import { afrnetProtocol } from './protocol.js';
import { raindropRecipes, rainRecipes } from './recipes.js';
import { isTensorFlow, readTensorFlow } from './tensorflow/checkpoint.js';

const losses: Readonly<Record<string, EquippedLoss>> = {
  released: restoration('literal'),
  'released-corrected': restoration('corrected'),
  'released-without-vgg': restoration('none'),
  'ssim+l1': { loss: similarityAndDifference },
  'taught-by-AFRNet': distillation('AFRNet', new AFRNet(SIZES.AFRNet)),
  'taught-by-AFRNet-16': distillation('AFRNet-16', new AFRNet(SIZES['AFRNet-16'])),
};

const network = (options: AfrOptions): Network => ({
  create: () => new AFRNet(options),
  losses,
  gradientNoise: 0,
  gradientShare: 1e-3,
  stepsNoise: 1e-3,
  asIdentity,
});

const task = (
  title: string,
  degradation: Task['degradation'],
  recipes: Task['recipes'],
  benchmarks: Task['benchmarks'],
): Task => ({
  title,
  network: 'AFRNet',
  otherNetworks: OTHER_SIZES,
  recipes,
  losses,
  protocols: [afrnetProtocol],
  benchmarks,
  degradation,
});

/** AFR-Net as the shared commands see it. */
export const afrnet: Paper = {
  name: 'afrnet',
  title: 'AFR-Net, TIP 2021',
  networks: Object.fromEntries(Object.entries(SIZES).map(([name, options]) => [name, network(options)])),
  tasks: {
    raindrop: task('raindrops', 'raindrops', raindropRecipes, { 'raindrop/test-a': 'afrnet-y-uint8' }),
    rain: task('rain streaks', 'rain', rainRecipes, { 'did-mdn/test': 'afrnet-y-uint8' }),
  },
  foreign: { matches: isTensorFlow, read: readTensorFlow },
  home: new URL('../', import.meta.url),
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../published.json', import.meta.url),
  goldens: new URL('../goldens/', import.meta.url),
  checks: {
    'AFRNet.state.json': checkState,
    'AFRNet.eval.*.json': checkOutputs,
    'AFRNet.blocks.json': checkBlocks,
    'AFRNet.train.*.json': checkTraining,
    'pipeline.json': checkPipeline,
  },
};
