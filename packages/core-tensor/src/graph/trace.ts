import type { Tensor } from './tensor.js';

/** Record of a forward pass, beside its result. */
export interface Trace {
  /** `train`: uses batch statistics and updates the running ones; `eval`: uses running statistics. */
  readonly mode: 'train' | 'eval';
  /** State tensor → the value it takes after this pass (running statistics). */
  readonly updates: Map<Tensor, Tensor>;
  /**
   * Module path → output of the module, in order of execution. For a module applied more than once it is the last
   * output; each one is also under "PATH#1", "PATH#2", …
   */
  readonly outputs: Map<string, unknown>;
}

interface Frame {
  readonly trace: Trace;
  readonly path: string;
}

/** Recording is synchronous, so one stack serves the whole program. */
const stack: Frame[] = [];

/** Runs a forward pass and returns its result with what it recorded. */
export function trace<R>(mode: Trace['mode'], forward: () => R): Trace & { result: R } {
  const record: Trace = { mode, updates: new Map(), outputs: new Map() };
  const result = framed({ trace: record, path: '' }, forward);
  return { ...record, result };
}

/** Runs a module's forward pass under its path. */
export function within<R>(path: string, forward: () => R): R {
  const frame = stack.at(-1);
  if (frame === undefined) return forward();
  const result = framed({ trace: frame.trace, path }, forward);
  const { outputs } = frame.trace;
  let times = 1;
  while (outputs.has(`${path}#${times}`)) times++;
  outputs.set(path, result);
  outputs.set(`${path}#${times}`, result);
  return result;
}

/** The pass being recorded. @throws Error outside of {@link trace}. */
export function currentTrace(): Trace {
  const frame = stack.at(-1);
  if (frame === undefined)
    throw new Error('a layer that differs between training and evaluation ran outside of trace()');
  return frame.trace;
}

/** Path of the module that is running, or "". */
export function currentPath(): string {
  return stack.at(-1)?.path ?? '';
}

function framed<R>(frame: Frame, run: () => R): R {
  stack.push(frame);
  try {
    return run();
  } finally {
    stack.pop();
  }
}
