import { type EquippedLoss, type NetworkFacts, studyOf, type TaskFacts } from '@unweather/lab';
import { model } from '../load.js';
import { AFRNet } from '../networks/afrnet.js';
import { asIdentity } from '../networks/as-identity.js';
import { SIZES } from '../networks/sizes.js';
import { distillation } from './losses/distillation.js';
import { restoration } from './losses/restoration.js';
import { similarityAndDifference } from './losses/similarity.js';
import { checkBlocks, checkOutputs, checkState } from './parity/networks.js';
import { checkPipeline } from './parity/pipeline.js';
import { checkTraining } from './parity/training.js';
import { afrnetProtocol } from './protocol.js';
import { raindropRecipes, rainRecipes } from './recipes.js';

const losses: Readonly<Record<string, EquippedLoss>> = {
  released: restoration('literal'),
  'released-corrected': restoration('corrected'),
  'released-without-vgg': restoration('none'),
  'ssim+l1': { loss: similarityAndDifference },
  'taught-by-AFRNet': distillation('AFRNet', new AFRNet(SIZES.AFRNet)),
  'taught-by-AFRNet-16': distillation('AFRNet-16', new AFRNet(SIZES['AFRNet-16'])),
};

const facts: NetworkFacts = { losses, gradientNoise: 0, gradientShare: 1e-3, stepsNoise: 1e-3, asIdentity };

const task = (
  degradation: TaskFacts['degradation'],
  recipes: TaskFacts['recipes'],
  benchmarks: TaskFacts['benchmarks'],
): TaskFacts => ({ recipes, losses, protocols: [afrnetProtocol], benchmarks, degradation });

/** AFR-Net with everything to reproduce its paper. */
export const study = studyOf(model, {
  networks: Object.fromEntries(Object.keys(model.networks).map((name) => [name, facts])),
  tasks: {
    raindrop: task('raindrops', raindropRecipes, { 'raindrop/test-a': 'afrnet-y-uint8' }),
    rain: task('rain', rainRecipes, { 'did-mdn/test': 'afrnet-y-uint8' }),
  },
  protocols: new URL('./protocol.js', import.meta.url),
  published: new URL('../../published.json', import.meta.url),
  goldens: new URL('../../goldens/', import.meta.url),
  checks: {
    'AFRNet.state*.json': checkState,
    'AFRNet.eval.*.json': checkOutputs,
    'AFRNet.blocks*.json': checkBlocks,
    'AFRNet.train.*.json': checkTraining,
    'pipeline*.json': checkPipeline,
  },
});
