import type { Recipe } from '@unweather/lab';

/** The official main.py for RainDrop. */
const OFFICIAL = {
  name: 'paper',
  // Whole pictures, in the list's order.
  resize: { width: 720, height: 480 },
  crop: { width: 720, height: 480 },
  batch: 1,
  duration: { epochs: 300 },
  optimiser: 'adam-tensorflow',
  betas: [0.5, 0.999] as [number, number],
  learningRate: 1e-4,
  schedule: { kind: 'linear', from: 200 },
  flip: false,
  order: 'list',
  visit: 'pair',
  loss: 'released',
  seed: 0,
  saveEvery: 861,
  needsData: true,
} as const satisfies Partial<Recipe>;

/** Ours, for the embedded photographs: minutes on two cores. */
const QUICK = {
  ...OFFICIAL,
  crop: 64,
  resize: undefined,
  batch: 4,
  learningRate: 4e-4,
  schedule: { kind: 'cosine' },
  flip: true,
  order: 'shuffled',
  loss: 'released-without-vgg',
  startAsIdentity: true,
  seed: 1,
  saveEvery: 50,
  needsData: false,
} as const satisfies Partial<Record<keyof Recipe, unknown>>;

/** Makes the recipes shared by both kinds of rain. @param dataset name of the training pictures, for notes */
function recipes(dataset: string): Readonly<Record<string, Recipe>> {
  const { resize: _, ...quick } = QUICK;
  const { resize: __, ...cropped } = OFFICIAL;
  return {
    quick: {
      ...quick,
      name: 'quick',
      note: 'embedded photographs, half of the width, without the perceptual term; should gain on the held-out ones',
      network: 'AFRNet-16',
      duration: { steps: 250 },
    },
    'quick-student': {
      ...quick,
      name: 'quick-student',
      note: 'ours: the student of the quick teacher',
      network: 'AFRNet-student',
      duration: { steps: 300 },
      learningRate: 1e-3,
      loss: 'taught-by-AFRNet-16',
    },
    paper: { ...OFFICIAL, note: `official settings, for ${dataset}; the paper’s numbers are not known to us` },
    cropped: {
      ...cropped,
      name: 'cropped',
      note: 'ours: the official settings on flipped crops of 256×256 in batches of 4',
      crop: 256,
      batch: 4,
      flip: true,
      order: 'shuffled',
      learningRate: 2e-4,
    },
    student: {
      ...cropped,
      name: 'student',
      note: 'ours: a student of the full AFR-Net, on crops',
      network: 'AFRNet-student',
      crop: 256,
      batch: 4,
      flip: true,
      order: 'shuffled',
      learningRate: 4e-4,
      loss: 'taught-by-AFRNet',
    },
  };
}

/** Recipes for raindrops, the task of the released code. */
export const raindropRecipes = recipes('RainDrop');
/** Recipe of a student that learns without a teacher, from pairs with rain that is matched to real sets. */
function matched(network: 'AFRNet-student' | 'AFRNet-student-24' | 'AFRNet-student-32'): Recipe {
  const { betas: _, resize: __, ...quick } = QUICK;
  return {
    ...quick,
    name: network.replace('AFRNet-student', 'matched'),
    note: `ours: ${network} on clean photographs with #screened-rain-drawn, #added-rain-storm, #rain-drawn, #dense-rain-drawn, and none; JPEG after it`,
    network,
    optimiser: 'adam',
    crop: 96,
    laterCrops: [{ after: 0.6, crop: 128 }],
    duration: { steps: 20_000 },
    learningRate: 1e-3,
    average: 0.998,
    meanColour: 0.5,
    colourJitter: true,
    compression: true,
    loss: 'ssim+l1',
    saveEvery: 100,
    needsData: true,
  };
}

/** Recipes for rain streaks, a task only in the paper’s text, and for students on real ones. */
export const rainRecipes: Readonly<Record<string, Recipe>> = {
  ...recipes('rain streaks'),
  matched: matched('AFRNet-student'),
  'matched-24': matched('AFRNet-student-24'),
  'matched-32': matched('AFRNet-student-32'),
};
