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

/** Height and width of the picture used for timing, as in the paper. */
const SIDE = 512;
/** Number of timed runs, after one warm-up. */
const RUNS = 3;

/** Options of `train`, except those that the command sets itself for the teacher and the student. */
export type DistillOptions = Omit<TrainOptions, 'recipe' | 'teacher' | 'resume' | 'pretrained'>;

/**
 * Trains a teacher, then a student on its outputs, and reports the time that each takes for a picture.
 * @param options as for `train`; `out` gets a folder for each
 * @returns true if both trainings finished
 * @throws UserError for everything a user can fix
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

/** Measures the milliseconds per picture, as the median of several runs. */
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
