import type { AfrOptions } from './afrnet.js';

/** The paper's network, a narrower one for minutes of training, and the student, whose sizes are ours. */
export const SIZES: Readonly<Record<'AFRNet' | 'AFRNet-16' | 'AFRNet-student', AfrOptions>> = {
  AFRNet: {},
  'AFRNet-16': { width: 16 },
  'AFRNet-student': { width: 16, modules: 1, refinement: 'separable', blocks: 1, fold: 2 },
};
