import type { AfrOptions } from './afrnet.js';

const STUDENT = { modules: 1, refinement: 'separable', blocks: 1, fold: 2 } as const satisfies AfrOptions;

/** The paper's network, a narrower one for minutes of training, and the students, whose sizes are ours. */
export const SIZES: Readonly<
  Record<'AFRNet' | 'AFRNet-16' | 'AFRNet-student' | 'AFRNet-student-24' | 'AFRNet-student-32', AfrOptions>
> = {
  AFRNet: {},
  'AFRNet-16': { width: 16 },
  'AFRNet-student': { width: 16, ...STUDENT },
  'AFRNet-student-24': { width: 24, ...STUDENT },
  'AFRNet-student-32': { width: 32, ...STUDENT },
};

/** Names of the sizes that are not the paper's own. */
export const OTHER_SIZES: readonly string[] = Object.keys(SIZES).filter((name) => name !== 'AFRNet');
