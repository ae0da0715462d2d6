import type { Recipe } from '@unweather/lab';

/** Recipes for the network that a search found. */
export const rainRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    name: 'quick',
    note: 'embedded photographs; should gain at least 2 dB on the held-out ones',
    // Residual blocks, attention and coarse branches start by adding 0.
    startAtZero: ['stage1.*.bn3', 'stage*.branches.*.bn2', 'auto*.channel_back.4', 'final_fuse.fuse_layers.*.1'],
    crop: 32,
    batch: 8,
    duration: { steps: 200 },
    optimiser: 'adam',
    learningRate: 1e-3,
    schedule: { kind: 'cosine' },
    flip: true,
    order: 'shuffled',
    visit: 'triple',
    loss: 'multi-to-one+ssim',
    seed: 1,
    saveEvery: 50,
    needsData: false,
  },
  paper: {
    name: 'paper',
    note: 'official settings for DID-MDN; the paper’s numbers are not known to us',
    crop: 64,
    batch: 32,
    duration: { epochs: 200 },
    optimiser: 'adam',
    learningRate: 1e-3,
    schedule: { kind: 'cosine' },
    flip: false,
    // The official loader does not shuffle.
    order: 'list',
    visit: 'triple',
    loss: 'multi-to-one+ssim',
    seed: 0,
    saveEvery: 500,
    needsData: true,
  },
};
