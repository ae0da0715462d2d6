import { runTraining, type State } from '@unweather/core-tensor';
import type { Reporter } from '../reporter.js';
import type { Stage } from '../run/stage.js';

/** Steps of a dry run; the first one prepares what the others use, and is not timed. */
const STEPS = 2;

/**
 * Runs the first steps of a training, keeps nothing of them, and tells what the whole training will take: the time per
 * step, the time of all steps at that rate, and the memory of the process so far.
 * @param total steps of the whole training
 * @throws DivergedError when the loss is no number
 */
export async function dryRun(
  stage: Stage,
  state: State,
  from: number,
  total: number,
  reporter: Pick<Reporter, 'say'>,
  signal: AbortSignal,
): Promise<void> {
  const open = await stage.open(state, 1);
  try {
    let seconds = 0;
    let last = performance.now();
    const steps = Math.min(from + STEPS, stage.to);
    await runTraining({
      ...{ executable: open.executable, shape: open.shape, optimiser: open.optimiser, signal, from, steps },
      batches: (fromStep) => open.batches(fromStep, new Set()),
      learningRate: (batch) => stage.learningRate(batch),
      onStep() {
        const now = performance.now();
        seconds = (now - last) / 1000;
        last = now;
      },
    });
    const megabytes = Math.round(process.resourceUsage().maxRSS / 1024);
    reporter.say(
      `dry run: ${seconds.toPrecision(3)} s per step, ${timeText(seconds * (total - from))} for ${total - from} steps without ` +
        `their validations, ${megabytes} MB of memory at most so far; nothing is kept`,
    );
  } finally {
    await open.close();
  }
}

function timeText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
