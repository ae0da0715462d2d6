import {
  type Executable,
  float32,
  networkOf,
  type OpenedEngine,
  readCheckpoint,
  type State,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import { MSBDN } from '../../networks/msbdn.js';
import { networkName } from '../../networks/widths.js';
import { teacherInputs } from './collation.js';
import { teacherGraph } from './teacher.js';

/** Reads a teacher. @throws UserError naming the file if it is of another network or width */
export async function readTeacher(path: string, width: number): Promise<State> {
  const name = networkName(width);
  const found = await networkOf(path);
  if (found !== undefined && found !== name)
    throw new UserError(`${path}: it is of ${found}; use a teacher of ${name}`);
  return (await readCheckpoint(path, name, new MSBDN(width).parameters())).weights;
}

/** Frozen teachers, each in its own inference session, which keeps nothing for gradients. */
export class Teachers {
  private constructor(private readonly sessions: readonly Executable[]) {}

  static async open(
    engine: Pick<OpenedEngine, 'inference'>,
    width: number,
    states: readonly State[],
  ): Promise<Teachers> {
    const sessions: Executable[] = [];
    for (const state of states) sessions.push(await engine.inference(teacherGraph(new MSBDN(width)), state));
    return new Teachers(sessions);
  }

  /**
   * Runs the teachers on a batch.
   * @param input pictures one after another, [pictures, 3, H, W]
   * @param counts number of pictures of each teacher's weather, in the order of the batch
   * @param size sides of the pictures
   */
  async of(
    input: Float32Array<ArrayBuffer>,
    counts: readonly number[],
    [height, width]: readonly [height: number, width: number],
  ): Promise<Record<string, TensorData>> {
    const given: Record<string, TensorData> = {};
    const size = 3 * height * width;
    let start = 0;
    for (const [k, session] of this.sessions.entries()) {
      const count = counts[k]!;
      const pictures = input.slice(start * size, (start + count) * size);
      const { output, ...features } = await session.run({ input: float32(pictures, [count, 3, height, width]) });
      const names = teacherInputs(k);
      given[names.output] = output!;
      for (const [level, name] of names.features.entries()) given[name] = features[`feature${level}`]!;
      start += count;
    }
    return given;
  }

  async dispose(): Promise<void> {
    for (const session of this.sessions) await session.dispose();
  }
}
