import type { Recipe } from '@unweather/commands';

/** Rain streaks as the official train/rain_streak.py trains them. */
const paper: Recipe = {
  name: 'paper',
  note: 'official settings for DID-MDN (Rain1200); published: 33.21 dB / 0.9251 on its test split by durn-rain',
  crop: 64,
  batch: 40,
  duration: { epochs: 2000 },
  optimiser: 'adam',
  learningRate: 1e-4,
  schedule: { kind: 'cosine' },
  flip: true,
  // The official loader reads its shuffled list in order and draws one of the three rain levels per visit.
  order: 'list',
  visit: 'truth',
  loss: 'ssim+l1',
  seed: 0,
  saveEvery: 1000,
  needsData: true,
};

/** A few minutes on two cores. */
const quick: Recipe = {
  name: 'quick',
  note: 'embedded photographs; should gain at least 3 dB on the held-out ones',
  crop: 48,
  batch: 4,
  duration: { steps: 150 },
  optimiser: 'adam',
  learningRate: 1e-3,
  schedule: { kind: 'cosine' },
  flip: true,
  order: 'shuffled',
  visit: 'pair',
  loss: 'ssim+l1',
  seed: 1,
  saveEvery: 50,
  needsData: false,
};

export const rainRecipes = { quick, paper };
