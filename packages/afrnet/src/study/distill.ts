import { join } from 'node:path';
import {
  compile,
  float32,
  inferenceGraph,
  type PictureNetwork,
  readCheckpoint,
  type State,
} from '@unweather/core-tensor';
import { type Reporter, type TrainOptions, train } from '@unweather/lab';
import { AFRNet } from '../networks/afrnet.js';
import { SIZES } from '../networks/sizes.js';
import { study } from './study.js';

/** Height and width of the picture whose restoration is timed, as in the paper. */
const SIDE = 512;
/** Runs that are timed, after one that is not. */
const RUNS = 3;

/** As a training’s, of a teacher and a student that the command chooses itself. */
export type DistillOptions = Omit<TrainOptions, 'recipe' | 'teacher' | 'resume' | 'pretrained'>;

/**
 * Trains a teacher, then a student by it, and says how long each takes for a picture.
 * @param options as of `train`; `out` holds a folder for each
 * @returns whether both came to their end
 * @throws UserError for everything a user can mend
 */
export async function distill(options: DistillOptions, reporter: Reporter, signal: AbortSignal): Promise<boolean> {
  const folder = (name: string) => join(options.out, name);
  const teacher = join(folder('teacher'), 'checkpoint.safetensors');
  if (!(await train(study, { ...options, recipe: 'quick', out: folder('teacher') }, reporter, signal))) return false;
  const student = { ...options, recipe: 'quick-student', teacher, out: folder('student') };
  if (!(await train(study, student, reporter, signal))) return false;
  const sizes = { teacher: 'AFRNet-16', student: 'AFRNet-student' } as const;
  const times: Record<string, number> = {};
  for (const [who, name] of Object.entries(sizes)) {
    const network = new AFRNet(SIZES[name]);
    const file = join(folder(who), 'checkpoint.safetensors');
    const { weights } = await readCheckpoint(file, name, network.parameters());
    times[who] = await timeOf(network, weights, options.threads);
  }
  const [slow, fast] = [times.teacher!, times.student!];
  reporter.say(
    `a ${SIDE}×${SIDE} picture on this CPU: teacher ${slow.toFixed(0)} ms, student ${fast.toFixed(0)} ms, ` +
      `${(slow / fast).toFixed(1)} times as fast`,
  );
  return true;
}

/** Milliseconds for a picture, the median of some runs. */
async function timeOf(network: PictureNetwork, weights: State, threads: number | undefined): Promise<number> {
  const executable = await compile(inferenceGraph(network), weights, threads === undefined ? {} : { threads });
  try {
    const input = float32(new Float32Array(3 * SIDE * SIDE).fill(0.5), [1, 3, SIDE, SIDE]);
    const times: number[] = [];
    for (let i = 0; i <= RUNS; i++) {
      const start = performance.now();
      await executable.run({ input });
      if (i > 0) times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[Math.floor(RUNS / 2)]!;
  } finally {
    await executable.dispose();
  }
}
