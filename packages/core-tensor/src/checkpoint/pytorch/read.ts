import type { State } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';
import { readWhole } from '../../support/files.js';
import { Unreadable } from '../reader.js';
import { openArchive } from './archive.js';
import { materialise } from './tensors.js';
import { Instance, type Pickled, PickledTensor } from './values.js';

/** Keys under which training scripts store the weights, beside epochs and optimisers. */
const PLACES = [
  'state_dict',
  'params_ema',
  'params',
  'model_state_dict',
  'model',
  'net',
  'network',
  'generator',
  'netG',
];

/** Tensors of a PyTorch file. */
export interface PyTorchFile {
  /** Parameters and buffers, under their state_dict names. */
  readonly state: State;
  /** Other tensors that whole pickled modules hold as attributes, under their paths. */
  readonly attributes: State;
}

/**
 * Reads a PyTorch checkpoint (.pth, .pt, .pk, .pth.tar; `torch.save` of any version) without running anything in it: a
 * state_dict, or a whole module, whose state_dict is assembled. Floats of any width become float32, whole numbers
 * int64; a "module." prefix that every name has is dropped.
 * @param key key of the state_dict in the file; default: the file itself, else "state_dict", "params", "model" …
 * @throws UserError naming the file and the first thing that is missing, damaged or refused
 */
export async function readPyTorchFile(path: string, key?: string): Promise<PyTorchFile> {
  const bytes = await readWhole(path, 'check the path of the checkpoint');
  try {
    const archive = openArchive(bytes);
    const found = findTensors(archive.root, key);
    const prefix = [...found.state.keys()].every((name) => name.startsWith('module.')) ? 'module.'.length : 0;
    const read = (tensors: Tensors): State =>
      new Map(
        [...tensors].map(([name, tensor]) => [
          name.slice(prefix),
          materialise(tensor, archive.bytesOf(tensor.storage)),
        ]),
      );
    return { state: read(found.state), attributes: read(found.attributes) };
  } catch (thrown) {
    if (thrown instanceof Unreadable)
      throw new UserError(`${path}: ${thrown.message}; use a checkpoint saved by torch.save`);
    throw thrown;
  }
}

/** Reads the state_dict alone; see {@link readPyTorchFile}. */
export async function readPyTorch(path: string, key?: string): Promise<State> {
  return (await readPyTorchFile(path, key)).state;
}

type Tensors = Map<string, PickledTensor>;
interface Found {
  readonly state: Tensors;
  readonly attributes: Tensors;
}

/** Finds the tensors in a pickled value. */
function findTensors(root: Pickled, key: string | undefined): Found {
  if (root instanceof Instance) return moduleTensors(root);
  if (!(root instanceof Map)) throw new Unreadable('it contains no dictionary of tensors');
  const within = (name: string) => tensorsOf(root.get(name) ?? null);
  const place = key ?? PLACES.find((name) => within(name).state.size > 0 && tensorsOf(root).state.size === 0);
  const found = place === undefined ? tensorsOf(root) : within(place);
  if (found.state.size > 0) return found;
  const names = [...root.keys()].map((name) => `"${String(name)}"`).join(', ');
  throw new Unreadable(
    key === undefined
      ? `it contains no tensors where they are expected, only ${names}`
      : `"${key}" contains no tensors; the available keys are ${names}`,
  );
}

function tensorsOf(value: Pickled): Found {
  if (value instanceof Instance) return moduleTensors(value);
  return { state: tensorsIn(value), attributes: new Map() };
}

function tensorsIn(value: Pickled | undefined): Tensors {
  if (!(value instanceof Map)) return new Map();
  return new Map([...value].filter((entry): entry is [string, PickledTensor] => entry[1] instanceof PickledTensor));
}

/** Collects the tensors of a module's `state_dict()`, in its order, and the other tensors of its modules. */
function moduleTensors(root: Instance): Found {
  const found: Found = { state: new Map(), attributes: new Map() };
  const visit = ({ attributes }: Instance, prefix: string) => {
    const passing = attributes.get('_non_persistent_buffers_set');
    for (const part of ['_parameters', '_buffers'])
      for (const [name, tensor] of tensorsIn(attributes.get(part)))
        if (!Array.isArray(passing) || !passing.includes(name)) found.state.set(`${prefix}${name}`, tensor);
    for (const [name, tensor] of tensorsIn(attributes)) found.attributes.set(`${prefix}${name}`, tensor);
    const modules = attributes.get('_modules');
    for (const [name, module] of modules instanceof Map ? modules : [])
      if (module instanceof Instance) visit(module, `${prefix}${String(name)}.`);
  };
  visit(root, '');
  if (found.state.size === 0) throw new Unreadable('it contains a pickled object without parameters');
  return found;
}
