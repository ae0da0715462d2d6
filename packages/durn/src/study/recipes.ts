import type { Recipe } from '@unweather/lab';

/** Settings shared by the official train scripts. Their loaders read a shuffled list in order. */
const OFFICIAL = {
  name: 'paper',
  optimiser: 'adam',
  learningRate: 1e-4,
  flip: false,
  order: 'list',
  visit: 'truth',
  loss: 'ssim+l1',
  seed: 0,
  saveEvery: 1000,
  needsData: true,
} as const;

/** Schedule of the official `MultiStepLR`, which acts at the end of an epoch (from 0): the next has the new rate. */
const after = (epochs: readonly number[], factor: number): Recipe['schedule'] => ({
  kind: 'multi-step',
  milestones: epochs.map((epoch) => epoch + 1),
  factor,
});

/** Settings shared by our recipes for the embedded photographs: a few minutes on two cores. */
const QUICK = {
  name: 'quick',
  optimiser: 'adam',
  schedule: { kind: 'cosine' },
  flip: true,
  order: 'shuffled',
  visit: 'pair',
  loss: 'ssim+l1',
  seed: 1,
  saveEvery: 50,
  needsData: false,
} as const;

/** Rain streaks (train/rain_streak.py); one of the rain levels is drawn per visit. */
export const rainRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    ...QUICK,
    note: 'embedded photographs; should gain at least 3 dB on the held-out ones',
    startAtZero: 'conv4',
    crop: 48,
    batch: 4,
    duration: { steps: 150 },
    learningRate: 4e-4,
  },
  baseline: {
    ...QUICK,
    name: 'baseline',
    note: 'the first training of the weights that this package carries, on clean photographs with #rain-drawn and #dense-rain-drawn',
    startAtZero: 'conv4',
    crop: 64,
    batch: 4,
    duration: { steps: 2000 },
    learningRate: 4e-4,
    visit: 'truth',
    statistics: { crop: 256, batch: 2, batches: 30 },
    needsData: true,
  },
  'baseline-frozen': {
    ...QUICK,
    name: 'baseline-frozen',
    note: 'goes on from the weights of baseline, by their running statistics and with strong colours, which batches hid',
    colourJitter: true,
    frozenStatistics: true,
    crop: 64,
    batch: 4,
    duration: { steps: 2000 },
    learningRate: 2e-4,
    visit: 'truth',
    seed: 2,
    needsData: true,
    needsWeights: true,
  },
  matched: {
    ...QUICK,
    name: 'matched',
    note: 'goes on from the weights of baseline-frozen, on clean photographs with rain that is matched to real sets: #screened-rain-drawn, #added-rain-storm, #rain-drawn, #dense-rain-drawn, and none; JPEG after it',
    colourJitter: true,
    compression: true,
    frozenStatistics: true,
    average: 0.98,
    meanColour: 0.5,
    crop: 96,
    batch: 2,
    duration: { steps: 700 },
    learningRate: 3e-4,
    seed: 3,
    saveEvery: 20,
    needsData: true,
    needsWeights: true,
  },
  veil: {
    ...QUICK,
    name: 'veil',
    note: 'ours: VeilNet on clean photographs with #screened-rain-drawn, #added-rain-storm, #rain-drawn, #dense-rain-drawn, and none; JPEG after it',
    network: 'VeilNet',
    startAtZero: 'last',
    colourJitter: true,
    photoJitter: true,
    compression: true,
    average: 0.998,
    meanColour: 0.5,
    crop: 96,
    laterCrops: [{ after: 0.8, crop: 128 }],
    batch: 4,
    duration: { steps: 8500 },
    learningRate: 1e-3,
    saveEvery: 100,
    needsData: true,
  },
  paper: {
    ...OFFICIAL,
    note: 'official settings for DID-MDN (Rain1200); published: 33.21 dB / 0.9251 on its test split by durn-rain',
    crop: 64,
    batch: 40,
    duration: { epochs: 2000 },
    schedule: { kind: 'cosine' },
    flip: true,
    visit: 'name',
  },
};

/** Gaussian noise (train/gaussian_noise.py): every batch of clean patches is used ten times, with fresh noise. */
export const noiseRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    ...QUICK,
    note: 'embedded photographs; should gain at least 6 dB on the held-out ones',
    crop: 48,
    batch: 8,
    duration: { steps: 200 },
    updatesPerBatch: 2,
    learningRate: 1e-3,
    loss: 'mse',
  },
  paper: {
    ...OFFICIAL,
    note:
      'official settings for BSD-grayscale (meta file with #noise-drawn); published: 28.49 / 26.36 / 25.06 dB at ' +
      'σ 30 / 50 / 70 by durn-noise',
    crop: 64,
    batch: 100,
    duration: { epochs: 3000 },
    updatesPerBatch: 10,
    learningRate: 1e-3,
    schedule: after([500, 1000, 1500, 2500], 0.1),
    loss: 'mse',
  },
};

/** Real noise (train/real_noise.py). */
export const realNoiseRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    ...QUICK,
    note: 'embedded photographs; should gain at least 2 dB on the held-out ones',
    crop: 48,
    batch: 4,
    duration: { steps: 300 },
    learningRate: 4e-4,
  },
  paper: {
    ...OFFICIAL,
    note: 'official settings for RealNoiseHKPoly; published: 36.83 dB / 0.9636 by durn-real-noise',
    crop: 128,
    batch: 30,
    duration: { epochs: 3500 },
    schedule: after([1000, 2000], 0.1),
  },
};

/** Motion blur (train/motion_blur.py): pictures are resized to 640×360 before cropping. */
export const blurRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    ...QUICK,
    note: 'embedded photographs; should lose nothing on the held-out ones; minutes do not teach deblurring',
    startAtZero: 'end_conv',
    crop: 64,
    batch: 4,
    duration: { steps: 300 },
    learningRate: 4e-4,
  },
  paper: {
    ...OFFICIAL,
    note: 'official settings for GoPro; published: 29.90 dB / 0.9101 by durn-blur',
    resize: { width: 640, height: 360 },
    crop: 256,
    batch: 10,
    duration: { epochs: 5000 },
    schedule: after([2000, 4000], 0.1),
  },
};

/** Haze (train/haze.py). Each visit draws one of the ten hazes of a clear picture. */
export const hazeRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    ...QUICK,
    note: 'embedded photographs; should gain at least 3 dB on the held-out ones',
    crop: 96,
    batch: 4,
    duration: { steps: 200 },
    learningRate: 3e-4,
  },
  paper: {
    ...OFFICIAL,
    note: 'official settings for RESIDE ITS; published: 32.12 dB / 0.9803 on SOTS indoor by durn-haze',
    crop: 256,
    batch: 40,
    duration: { epochs: 3000 },
    schedule: after([700, 1400], 0.1),
  },
  // The official code trains on DCPDN's 512×512 pictures uncropped, although its settings file says crop 256.
  'paper-dcpdn': {
    ...OFFICIAL,
    name: 'paper-dcpdn',
    note: 'official settings for DCPDN, as coded; published: 32.60 dB / 0.9828 on TestA by durn-haze-float',
    crop: 512,
    batch: 20,
    duration: { epochs: 600 },
    schedule: { kind: 'constant' },
  },
};

/** Raindrops (train/raindrop.py); the script describes the second phase only in a comment. */
export const raindropRecipes: Readonly<Record<string, Recipe>> = {
  quick: {
    ...QUICK,
    note: 'embedded photographs; should lose nothing on the held-out ones; minutes do not teach raindrops',
    startAtZero: 'end_conv',
    crop: 64,
    batch: 4,
    duration: { steps: 400 },
    learningRate: 3e-4,
    loss: 'l1',
  },
  paper: {
    ...OFFICIAL,
    note: 'official settings for RainDrop, first phase; continue with paper-phase-2',
    crop: 256,
    batch: 24,
    duration: { epochs: 4000 },
    schedule: after([2000], 0.5),
  },
  'paper-phase-2': {
    ...OFFICIAL,
    name: 'paper-phase-2',
    note: 'official second phase: L1 alone; published: 31.24 dB / 0.9259 on test_a by durn-raindrop',
    crop: 256,
    batch: 24,
    duration: { epochs: 100 },
    learningRate: 1e-5,
    schedule: { kind: 'constant' },
    loss: 'l1',
    needsWeights: true,
  },
};
