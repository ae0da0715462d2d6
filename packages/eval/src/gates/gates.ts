import type { PictureFacts } from './facts.js';

/** A demand on weights, and the value that they reached. */
export interface Gate {
  /** Demand in words. */
  readonly demand: string;
  /** Measured value, in words. */
  readonly reached: string;
  readonly passed: boolean;
}

/** Share of the pictures that must gain, gain over the best baseline in dB, and least share of detail. */
const [WINNERS, AHEAD, DETAIL] = [0.9, 1, 0.8];
/** Largest brightness of a frame that is not visible, in parts of 255. */
const FRAME = 3;
/** Least PSNR in dB between a picture without weather and its restoration. */
const CLEAN = 38;

/**
 * Checks the demands on weights, from measurements on pairs of degraded and true pictures.
 * @param baselines mean PSNR in dB that each baseline reached on the same pictures, by its name; the input's among them
 */
export function pairGates(facts: readonly PictureFacts[], baselines: ReadonlyMap<string, number>): Gate[] {
  const count = facts.length;
  const mean = (of: (one: PictureFacts) => number) => facts.reduce((sum, one) => sum + of(one), 0) / count;
  const better = facts.filter(({ psnr, psnrIn }) => psnr > psnrIn).length;
  const psnr = mean((one) => one.psnr);
  const [strongest, best] = [...baselines].reduce((a, b) => (b[1] > a[1] ? b : a));
  const [detail, frame] = [mean((one) => one.detail), mean((one) => one.frame)];
  const even = facts.filter(({ block, blockIn }) => block <= blockIn).length;
  return [
    gate('nine of ten pictures gain', `${better} of ${count}`, better >= WINNERS * count),
    gate(
      `the mean is ${AHEAD} dB above every baseline`,
      `${psnr.toFixed(2)} dB, ${strongest} ${best.toFixed(2)}`,
      psnr >= best + AHEAD,
    ),
    gate(`${DETAIL} of the truth’s detail stays`, detail.toFixed(2), detail >= DETAIL),
    gate('no frame at the edges', `${frame.toFixed(1)} of 255`, Math.abs(frame) <= FRAME),
    gate('no place is off in colour by more than the input’s worst', `${even} of ${count}`, even === count),
  ];
}

/** Checks the demand on pictures without weather. @param psnrs in dB, of each restored picture against its input */
export function cleanGate(psnrs: readonly number[]): Gate {
  const mean = psnrs.reduce((sum, value) => sum + Math.min(value, 100), 0) / psnrs.length;
  const reached = `${mean.toFixed(1)} dB in the mean of ${psnrs.length}, ${Math.min(...psnrs).toFixed(1)} at worst`;
  return gate(`pictures without weather come back at ${CLEAN} dB`, reached, mean >= CLEAN);
}

function gate(demand: string, reached: string, passed: boolean): Gate {
  return { demand, reached, passed };
}
