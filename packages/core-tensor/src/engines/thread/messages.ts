import type { TensorData } from '../../graph/tensor-data.js';

type Tensors = Readonly<Record<string, TensorData>>;

/** Request to the thread that owns a session. */
export type Request =
  | { readonly kind: 'open' | 'state' | 'dispose'; readonly id: number }
  | { readonly kind: 'run'; readonly id: number; readonly inputs: Tensors; readonly graph?: string };

/** Answer to the request of the same id. */
export type Answer =
  | { readonly id: number; readonly result: Tensors }
  | { readonly id: number; readonly error: string; readonly userError: boolean };
