import {
  type EngineOptions,
  type Executable,
  float32,
  hashOfWeights,
  networkOf,
  type OpenedEngine,
  readCheckpoint,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import { MSBDN } from '../../networks/msbdn.js';
import { networkName } from '../../networks/widths.js';
import { teacherInputs } from './collation.js';
import { type Guest, isGuest, namesGuest, openGuest, picturesBy, type Teacher } from './guest.js';
import { teacherGraph } from './teacher.js';

/**
 * Reads a teacher.
 * @param from a checkpoint, or the name of a model of another package, PAPER:TASK
 * @throws UserError naming the file if it is of another network or width; naming the model if it cannot be opened
 */
export async function readTeacher(from: string, width: number, engine: EngineOptions = {}): Promise<Teacher> {
  if (await namesGuest(from)) return openGuest(from, engine);
  const name = networkName(width);
  const found = await networkOf(from);
  if (found !== undefined && found !== name)
    throw new UserError(`${from}: it is of ${found}; use a teacher of ${name}`);
  return (await readCheckpoint(from, name, new MSBDN(width).parameters(), { takesKey: false })).weights;
}

/** Identifies a teacher, for resuming. */
export function teacherIdentity(teacher: Teacher): string {
  return isGuest(teacher) ? `${teacher.name}, ${teacher.model.weights}` : hashOfWeights(teacher);
}

/** Frozen teachers, each in its own inference session, which keeps nothing for gradients. */
export class Teachers {
  private constructor(
    private readonly sessions: readonly (Executable | Guest)[],
    private readonly withFeatures: boolean,
  ) {}

  /** Opens sessions. Where a guest is among them, no teacher gives features. */
  static async open(
    engine: Pick<OpenedEngine, 'inference'>,
    width: number,
    teachers: readonly Teacher[],
  ): Promise<Teachers> {
    const sessions: (Executable | Guest)[] = [];
    for (const teacher of teachers)
      sessions.push(isGuest(teacher) ? teacher : await engine.inference(teacherGraph(new MSBDN(width)), teacher));
    return new Teachers(sessions, !teachers.some(isGuest));
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
      const pictures = float32(input.slice(start * size, (start + count) * size), [count, 3, height, width]);
      const names = teacherInputs(k);
      if ('model' in session) given[names.output] = await picturesBy(session, pictures);
      else {
        const { output, ...features } = await session.run({ input: pictures });
        given[names.output] = output!;
        if (this.withFeatures)
          for (const [level, name] of names.features.entries()) given[name] = features[`feature${level}`]!;
      }
      start += count;
    }
    return given;
  }

  /** Ends the sessions; guests stay open. */
  async dispose(): Promise<void> {
    for (const session of this.sessions) if (!('model' in session)) await session.dispose();
  }
}
