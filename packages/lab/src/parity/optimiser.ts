import { adam, type Optimiser, sgd, UserError } from '@unweather/core-tensor';

/** Optimiser that a golden file describes. */
export interface GoldenOptimiser {
  readonly kind: 'adam' | 'sgd';
  /** Learning rate. */
  readonly rate: number;
  readonly weightDecay: number;
  readonly optimiser: Optimiser;
}

const NUMBER = '(\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?)';

/**
 * Parses a description such as "Adam lr 1e-4, betas 0.9 0.999, eps 1e-8", "TensorFlow Adam, lr 1e-4, beta1 0.5" or
 * "SGD lr 0.002, momentum 0.9, weight decay 3e-4". Omitted values are PyTorch's defaults.
 * @throws UserError quoting words that name neither Adam nor SGD, or no learning rate
 */
export function readOptimiser(words: string): GoldenOptimiser {
  const numbers = (pattern: string) => new RegExp(`\\b${pattern}`).exec(words)?.slice(1).map(Number);
  const number = (pattern: string) => numbers(`${pattern} ${NUMBER}`)?.[0];
  const kind = /\bAdam\b/.test(words) ? 'adam' : /\bSGD\b/.test(words) ? 'sgd' : undefined;
  const rate = number('(?:lr|Adam|SGD)');
  if (kind === undefined || rate === undefined)
    throw new UserError(`optimiser "${words}": it is not understood; write "Adam lr 1e-4" or "SGD lr 1e-3"`);
  const weightDecay = number('weight decay') ?? 0;
  if (kind === 'sgd')
    return { kind, rate, weightDecay, optimiser: sgd({ momentum: number('momentum') ?? 0, weightDecay }) };
  const [beta1, beta2] = numbers(`betas \\(?${NUMBER},? ${NUMBER}`) ?? [number('beta1'), number('beta2')];
  const optimiser = adam({
    betas: [beta1 ?? 0.9, beta2 ?? 0.999],
    epsilon: number('eps(?:ilon)?') ?? 1e-8,
    form: /\bTensorFlow\b/.test(words) ? 'tensorflow' : 'pytorch',
    weightDecay,
  });
  return { kind, rate, weightDecay, optimiser };
}
