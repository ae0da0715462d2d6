import {
  type EngineOptions,
  errorCode,
  exists,
  messageOf,
  type State,
  type TensorData,
  UserError,
} from '@unweather/core-tensor';
import type { PictureModel } from '@unweather/model';

/** Name of a model of another package: the paper's, and its task. */
const NAME = /^([a-z]+):([a-z-]+)$/;

/** A teacher from another package. Its features are not like the student's, so it only shows its pictures. */
export interface Guest {
  readonly name: string;
  readonly model: PictureModel;
}

/** True for the name of a model, `maxim:rain`; a file of that name wins. */
export async function namesGuest(name: string): Promise<boolean> {
  return NAME.test(name) && !(await exists(name));
}

/**
 * Opens a model of another package with its default weights.
 * @param name PAPER:TASK
 * @throws UserError if the package is not installed, has no such task, or finds no weights
 */
export async function openGuest(name: string, { engine, device, threads }: EngineOptions): Promise<Guest> {
  const [, paper, task] = NAME.exec(name)!;
  const from = `@unweather/${paper}`;
  const found = (await import(from).catch((thrown: unknown) => {
    // A package that is there but lacks one of its own names that one.
    const missing = errorCode(thrown) === 'ERR_MODULE_NOT_FOUND' && messageOf(thrown).includes(`'${from}'`);
    if (!missing) throw thrown;
    throw new UserError(`teacher ${name}: ${from} is not installed; run "npm install ${from}", or give a checkpoint`);
  })) as { readonly load?: (options: object) => Promise<PictureModel> };
  if (found.load === undefined)
    throw new UserError(`teacher ${name}: ${from} has no networks; name one as PAPER:TASK, or give a checkpoint`);
  const options = Object.entries({ task, engine, device, threads }).filter(([, value]) => value !== undefined);
  const model = await found.load(Object.fromEntries(options)).catch((thrown: unknown) => {
    throw thrown instanceof UserError ? new UserError(`teacher ${name}: ${thrown.message}`) : thrown;
  });
  return { name, model };
}

/**
 * Restores every picture of a batch.
 * @param pictures [N, 3, H, W], from 0 to 1
 */
export async function picturesBy({ model }: Guest, { data, shape }: TensorData): Promise<TensorData> {
  const [count = 0, channels = 0, height = 0, width = 0] = shape;
  const size = channels * height * width;
  const restored = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const one = (data as Float32Array).slice(i * size, (i + 1) * size);
    const { data: clear } = (await model.restore({ data: one, shape: [1, channels, height, width] })).toFloat32();
    restored.set(clear, i * size);
  }
  return { dtype: 'float32', shape, data: restored };
}

/** A teacher: weights of the student's own kind of network, or a guest. */
export type Teacher = State | Guest;

export function isGuest(teacher: Teacher): teacher is Guest {
  return 'model' in teacher;
}
