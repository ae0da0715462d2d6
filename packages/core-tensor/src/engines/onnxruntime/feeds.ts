import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web';
import { show } from '../../graph/dim.js';
import type { TensorData } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';

/** Session of one graph of a program, with the names of its updated state and its outputs. */
export interface Entry {
  readonly session: InferenceSession;
  readonly carried: ReadonlyMap<string, string>;
  readonly outputs: readonly string[];
}

/** Collects the state that a session reads and a run's inputs. @throws UserError if an input is missing or misshapen */
export function feedsFor(
  session: InferenceSession,
  current: ReadonlyMap<string, OrtTensor>,
  inputs: Readonly<Record<string, TensorData>>,
  TensorType: typeof OrtTensor,
): Record<string, OrtTensor> {
  const feeds: Record<string, OrtTensor> = {};
  for (const metadata of session.inputMetadata) {
    const { name } = metadata;
    const kept = current.get(name);
    if (kept !== undefined) feeds[name] = kept;
    else {
      const { dtype, data, shape } = checked(name, inputs[name], metadata);
      feeds[name] = new TensorType(dtype, data, shape);
    }
  }
  return feeds;
}

export function unwrap(tensor: OrtTensor): TensorData {
  return { dtype: tensor.type, shape: tensor.dims, data: tensor.data } as TensorData;
}

function checked(name: string, value: TensorData | undefined, metadata: InferenceSession.ValueMetadata): TensorData {
  if (value === undefined) throw new UserError(`input "${name}" is missing; feed a tensor of that name`);
  const shape = metadata.isTensor ? metadata.shape : value.shape;
  const fits =
    shape.length === value.shape.length &&
    shape.every((size, axis) => typeof size === 'string' || size === value.shape[axis]);
  if (!fits) throw new UserError(`input "${name}" must have the shape ${show(shape)}, got ${show(value.shape)}`);
  return value;
}
