import type { Recipe } from '@unweather/commands';

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

/** @param published what is known of the paper's numbers on such pictures */
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
/** The same for rain streaks, of which the paper’s text alone speaks. */
export const rainRecipes = recipes('rain streaks');
