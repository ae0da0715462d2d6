import type { State } from '../../graph/tensor-data.js';
import { readWhole } from '../../support/files.js';
import { Budget } from '../budget.js';
import { below, withoutWrappers } from '../prefix.js';
import { reading } from '../reading.js';
import { openArchive } from './archive.js';
import { findWeights, type Tensors, type Wanted } from './find.js';
import { materialise } from './tensors.js';

/** Tensors of a PyTorch file. */
export interface PyTorchFile {
  /** Parameters and buffers, under their state_dict names. */
  readonly state: State;
  /** Other tensors that whole pickled modules hold as attributes, under their paths. */
  readonly attributes: State;
}

/** End of the messages about these files. */
export const PYTORCH_REMEDY = 'use a checkpoint saved by torch.save';

/**
 * Reads a PyTorch checkpoint (.pth, .pt, .pk, .ckpt, .pth.tar; `torch.save` of any version) without running anything in
 * it: a state_dict, or a whole module, whose state_dict is assembled. Floats of any width become float32, whole numbers
 * int64; "module." and "_orig_mod." are dropped where every name begins with them.
 * @param key key of the state_dict in the file, with dots to go further down, or the beginning of the names of its
 * tensors; default: the file itself, else "state_dict", "params", "model" …
 * @throws UserError naming the file and the first thing that is missing, damaged or refused
 */
export async function readPyTorchFile(path: string, key?: string): Promise<PyTorchFile> {
  const bytes = await readWhole(path, 'check the path of the checkpoint');
  const { state, attributes } = reading(path, PYTORCH_REMEDY, () => parsePyTorch(bytes, { key }));
  const plain = withoutWrappers(state.keys());
  return { state: plain(state), attributes: plain(attributes) };
}

/** Reads the state_dict alone; see {@link readPyTorchFile}. */
export async function readPyTorch(path: string, key?: string): Promise<State> {
  return (await readPyTorchFile(path, key)).state;
}

/**
 * Parses the bytes of a PyTorch checkpoint, as {@link readPyTorchFile} does, and keeps every name whole.
 * @throws Unreadable with the first thing that is missing, damaged or refused
 */
export function parsePyTorch(bytes: Uint8Array, wanted: Wanted = {}): PyTorchFile {
  const { key } = wanted;
  const budget = new Budget(bytes.length);
  const archive = openArchive(bytes, budget);
  const { keyed, ...found } = findWeights(archive.root, wanted, budget);
  const select = (tensors: Tensors) => (keyed || key === undefined ? tensors : below(tensors, key));
  const read = (tensors: Tensors): State =>
    new Map([...tensors].map(([name, tensor]) => [name, materialise(tensor, archive.bytesOf(tensor.storage), budget)]));
  const attributes = keyed || key === undefined ? found.attributes : new Map();
  return { state: read(select(found.state)), attributes: read(attributes) };
}
