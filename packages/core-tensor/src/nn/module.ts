import type { Shape } from '../graph/dim.js';
import { type DType, state, type Tensor } from '../graph/tensor.js';
import { within } from '../graph/trace.js';
import type { Random } from '../support/random.js';

/** Draws or sets initial values, row-major. */
export type Initialiser = (count: number, random: Random) => Float32Array<ArrayBuffer> | BigInt64Array<ArrayBuffer>;

/** A named tensor of a module: a weight that is trained, or a buffer (running statistics) that is not. */
export class Parameter {
  readonly tensor: Tensor;

  constructor(
    readonly shape: readonly number[],
    readonly initialise: Initialiser,
    readonly trained = true,
    readonly dtype: DType = 'float32',
  ) {
    this.tensor = state('', shape as Shape, dtype);
  }
}

/** State that is not trained, such as running statistics. */
export function buffer(shape: readonly number[], value: number, dtype: DType = 'float32'): Parameter {
  const fill: Initialiser = (count) =>
    dtype === 'float32' ? new Float32Array(count).fill(value) : new BigInt64Array(count).fill(BigInt(value));
  return new Parameter(shape, fill, false, dtype);
}

/**
 * A part of a network. Its state is all its properties that are Parameters, Modules or (nested) lists of Modules, in
 * order of assignment; their paths are PyTorch's state_dict names ("block1.conv1.conv2d.weight").
 */
export abstract class Module<Inputs extends unknown[] = [Tensor], Output = Tensor> {
  private path = '';

  /** Records the computation; called through {@link apply}. */
  protected abstract forward(...inputs: Inputs): Output;

  /** Runs the module on symbolic tensors. Shape errors inside name the module's path. */
  apply(...inputs: Inputs): Output {
    return within(this.path, () => this.forward(...inputs));
  }

  /**
   * Names every parameter below this module by its path and returns them in state_dict order (a module's own
   * parameters, then its own buffers, then its children). Call it on the root of a network.
   */
  parameters(path = ''): Map<string, Parameter> {
    this.path = path;
    const own = Object.entries(this).filter((entry): entry is [string, Parameter] => entry[1] instanceof Parameter);
    const named = new Map<string, Parameter>();
    for (const trained of [true, false])
      for (const [name, parameter] of own) {
        if (parameter.trained !== trained) continue;
        const full = join(path, name);
        Object.assign(parameter.tensor.source, { name: full });
        named.set(full, parameter);
      }
    for (const [name, child] of children(this))
      for (const [full, parameter] of child.parameters(join(path, name))) named.set(full, parameter);
    return named;
  }
}

/** A list of modules applied one after another, named "0", "1", … as in PyTorch. */
export class Sequential extends Module {
  private readonly items: readonly Module[];

  constructor(...items: Module[]) {
    super();
    this.items = items;
  }

  protected forward(x: Tensor): Tensor {
    return this.items.reduce((value, item) => item.apply(value), x);
  }

  /** Modules by index; the index follows the list's own path directly, without a property name between. */
  list(): [string, Module][] {
    return this.items.map((item, index) => [String(index), item]);
  }
}

function* children(module: object): Generator<[string, Module<never[], unknown>]> {
  if (module instanceof Sequential) {
    yield* module.list();
    return;
  }
  for (const [name, value] of Object.entries(module)) {
    if (value instanceof Module) yield [name, value];
    else if (Array.isArray(value)) yield* listed(name, value);
  }
}

/** The modules of a list, which may hold lists and gaps (PyTorch's `None`). */
function* listed(name: string, list: readonly unknown[]): Generator<[string, Module<never[], unknown>]> {
  for (const [index, item] of list.entries())
    if (item instanceof Module) yield [`${name}.${index}`, item];
    else if (Array.isArray(item)) yield* listed(`${name}.${index}`, item);
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
