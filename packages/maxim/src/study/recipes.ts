import type { Recipe } from '@unweather/lab';

/** What the paper states (§4.1): patches, rates, flips and turns. Number of steps and batch are ours: it states neither. */
const PAPER = {
  name: 'paper',
  crop: 256,
  batch: 16,
  duration: { steps: 500_000 },
  optimiser: 'adam',
  learningRate: 2e-4,
  schedule: { kind: 'cosine', floor: 1e-7 },
  flip: true,
  rotate: true,
  order: 'shuffled',
  visit: 'pair',
  loss: 'every-picture',
  seed: 1,
  saveEvery: 1000,
  needsData: true,
} as const;

/** The layers that end the way of a picture: with zeros, both stages return their input. */
const LAST = ['stage_*_supervised_attention_module_*.Conv_1', 'stage_*_output_conv_*'];

const quick = (gain: string): Recipe => ({
  ...PAPER,
  name: 'quick',
  note: `embedded photographs, a quarter of the width; should gain at least ${gain} on the held-out ones`,
  network: 'MAXIM-2S-narrow',
  crop: 64,
  batch: 4,
  duration: { steps: 240 },
  learningRate: 2e-3,
  startAtZero: LAST,
  saveEvery: 40,
  needsData: false,
});

const recipes = (gain: string, published: string): Readonly<Record<string, Recipe>> => ({
  quick: quick(gain),
  paper: { ...PAPER, note: `the paper's settings without MixUp; published: ${published}` },
  'fine-tune': {
    ...PAPER,
    name: 'fine-tune',
    note: 'goes on from given weights, with small patches, for hundreds of steps',
    crop: 128,
    batch: 2,
    duration: { steps: 400 },
    learningRate: 2e-5,
    needsWeights: true,
  },
});

/** Recipes for every task: ours for minutes, the paper's, and one that continues from given weights. */
export const rainRecipes = recipes('1 dB', '33.24 dB / 0.933 on average of five test sets, by maxim-rain');
/** See {@link rainRecipes}. */
export const hazeRecipes = recipes('1 dB', '38.11 dB / 0.991 on SOTS indoor');
/** See {@link rainRecipes}. */
export const outdoorHazeRecipes = recipes('1 dB', '34.19 dB / 0.985 on SOTS outdoor');
/** See {@link rainRecipes}. */
export const noiseRecipes = recipes('1 dB', '39.96 dB / 0.960 on SIDD');
/** See {@link rainRecipes}. */
export const blurRecipes = recipes('0.1 dB', '32.86 dB / 0.961 on GoPro');
