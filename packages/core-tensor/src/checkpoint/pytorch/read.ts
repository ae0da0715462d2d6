import type { State } from '../../graph/tensor-data.js';
import { UserError } from '../../support/error.js';
import { readWhole } from '../../support/files.js';
import { openArchive } from './archive.js';
import { Unreadable } from './reader.js';
import { materialise } from './tensors.js';
import { type Pickled, PickledTensor } from './values.js';

/** Where training scripts put the weights, beside epochs and optimisers. */
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

/**
 * Reads the tensors of a PyTorch checkpoint (.pth, .pt, .pk, .pth.tar; `torch.save` of any version) without running
 * anything in it. Floats of any width become float32, whole numbers int64; a "module." before every name is dropped.
 * @param key where the state_dict lies in the file; default: the file itself, else "state_dict", "params", "model" …
 * @throws UserError naming the file and the first thing that is missing, damaged or refused
 */
export async function readPyTorch(path: string, key?: string): Promise<State> {
  const bytes = await readWhole(path, 'check the path of the checkpoint');
  try {
    const archive = openArchive(bytes);
    const found = stateDict(archive.root, key);
    const prefix = [...found.keys()].every((name) => name.startsWith('module.')) ? 'module.'.length : 0;
    const state: State = new Map();
    for (const [name, tensor] of found)
      state.set(name.slice(prefix), materialise(tensor, archive.bytesOf(tensor.storage)));
    return state;
  } catch (thrown) {
    if (thrown instanceof Unreadable)
      throw new UserError(`${path}: ${thrown.message}; use a state_dict saved by torch.save`);
    throw thrown;
  }
}

/** The dictionary of tensors in what was pickled. */
function stateDict(root: Pickled, key: string | undefined): Map<string, PickledTensor> {
  if (!(root instanceof Map)) throw new Unreadable('it holds no dictionary of tensors');
  const place = key ?? PLACES.find((name) => tensorsOf(root.get(name) ?? null).size > 0 && tensorsOf(root).size === 0);
  const found = tensorsOf(place === undefined ? root : (root.get(place) ?? null));
  if (found.size > 0) return found;
  const names = [...root.keys()].map((name) => `"${String(name)}"`).join(', ');
  throw new Unreadable(
    key === undefined
      ? `it holds no tensors where they are looked for, only ${names}`
      : `"${key}" holds no tensors; there are ${names}`,
  );
}

function tensorsOf(value: Pickled): Map<string, PickledTensor> {
  if (!(value instanceof Map)) return new Map();
  return new Map(
    [...value].filter(
      (entry): entry is [string, PickledTensor] => typeof entry[0] === 'string' && entry[1] instanceof PickledTensor,
    ),
  );
}
