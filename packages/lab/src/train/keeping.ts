import { UserError } from '@unweather/core-tensor';
import type { KeptStatesOptions } from '../run/kept-states.js';
import type { Run } from '../run/run.js';
import type { Metric } from '../run/validation.js';

/** What a training keeps, and when it stops before its last step. */
export interface KeepingOptions {
  /** Steps between validations, 0 for none; default: the recipe's. */
  readonly validateEvery?: number;
  /** Score by which the best weights are kept; default: psnr. */
  readonly keepBest?: Metric;
  /** Number of checkpoints kept, the newest ones; default 2. */
  readonly keepLast?: number;
  /** Validations without a better one after which the training stops. */
  readonly stopAfterNoGain?: number;
  /** Seconds after which the training stops. */
  readonly maxTime?: number;
}

/** Times and counts of a run by the options; call it when the training begins, since its time counts from here. */
export function limitsOf({
  keepLast,
  stopAfterNoGain,
  maxTime,
}: KeepingOptions): Pick<Run, 'deadline' | 'stopAfterNoGain'> & Pick<KeptStatesOptions, 'keepLast'> {
  return {
    ...(keepLast !== undefined && { keepLast }),
    ...(stopAfterNoGain !== undefined && { stopAfterNoGain }),
    ...(maxTime !== undefined && { deadline: Date.now() + 1000 * maxTime }),
  };
}

/** Refuses options that need validations, for a run without any. @throws UserError naming the option */
export function requireValidation({ keepBest, stopAfterNoGain }: KeepingOptions, isValidated: boolean): void {
  const option =
    keepBest !== undefined ? 'keep-best' : stopAfterNoGain !== undefined ? 'stop-after-no-gain' : undefined;
  if (!isValidated && option !== undefined)
    throw new UserError(`--${option} needs scores of a validation, and this run has none; add --validate-every`);
}
