import type { Recipe } from '@unweather/commands';

/** The official train.py, with the options that the paper states: crop 240 and 0.1 of the contrastive term. */
const OFFICIAL = {
  crop: 240,
  batch: 16,
  duration: { steps: 500_000 },
  optimiser: 'adam',
  learningRate: 1e-4,
  // The script counts steps from 1: its first step is a hair under 1e-4, its last exactly 0.
  schedule: { kind: 'cosine', ahead: 1 },
  flip: true,
  rotate: true,
  // Every step makes a new iterator over the shuffled pictures and takes its first batch.
  order: 'drawn',
  visit: 'pair',
  loss: 'l1+0.1cr',
  seed: 666,
  saveEvery: 5000,
  needsData: true,
} as const;

/** Recipes for haze: ours for minutes, the paper’s for each of its datasets, and its ablation. */
export const hazeRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    ...OFFICIAL,
    name: 'quick',
    note: 'embedded photographs, L1 alone, without the contrastive term; should gain at least 2 dB on the held-out ones',
    crop: 96,
    batch: 4,
    duration: { steps: 220 },
    learningRate: 5e-4,
    order: 'shuffled',
    loss: 'l1',
    seed: 1,
    saveEvery: 50,
    needsData: false,
  },
  baseline: {
    ...OFFICIAL,
    name: 'baseline',
    note: 'the first training of the weights that this package carries, on clean photographs with #haze-drawn and #room-haze-drawn',
    crop: 96,
    batch: 4,
    duration: { steps: 3200 },
    learningRate: 5e-4,
    order: 'shuffled',
    visit: 'truth',
    loss: 'l1',
    seed: 1,
    saveEvery: 50,
  },
  'baseline-again': {
    ...OFFICIAL,
    name: 'baseline-again',
    note: 'goes on from the weights of baseline: the schedule from its start, other patches',
    crop: 96,
    batch: 4,
    duration: { steps: 2000 },
    learningRate: 5e-4,
    order: 'shuffled',
    visit: 'truth',
    loss: 'l1',
    seed: 2,
    saveEvery: 50,
    needsWeights: true,
  },
  paper: {
    ...OFFICIAL,
    name: 'paper',
    note: 'official settings for RESIDE ITS; published: 37.17 dB / 0.9901 on SOTS indoor by aecr',
  },
  'paper-dense': {
    ...OFFICIAL,
    name: 'paper-dense',
    note: 'official settings for Dense-Haze; published: 15.80 dB / 0.4660 by aecr',
  },
  'paper-nh': {
    ...OFFICIAL,
    name: 'paper-nh',
    note: 'official settings for NH-HAZE; published: 19.88 dB / 0.7173 by aecr',
  },
  'paper-positive': {
    ...OFFICIAL,
    name: 'paper-positive',
    note: 'the ablation: the contrastive term without its negatives; published for SOTS: 36.46 dB / 0.9889',
    loss: 'l1+0.1cr-positive',
  },
};
