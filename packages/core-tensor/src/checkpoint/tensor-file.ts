import type { State } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import { readStart, readWhole } from '../support/files.js';
import { recognise, START_BYTES, strangerText, type WeightsFormat } from './format.js';
import { below, withoutWrappers } from './prefix.js';
import { PYTORCH_REMEDY, parsePyTorch } from './pytorch/read.js';
import { reading } from './reading.js';
import { parseSafetensors, SAFETENSORS_REMEDY, type SafetensorsFile } from './safetensors-bytes.js';
import { readShards } from './shards.js';

/** How to read a file of weights. */
export interface TensorFileOptions {
  /**
   * Where the weights are in the file: the key of a dictionary in a PyTorch file, with dots to go further down, or the
   * beginning of the names of the tensors: `net_g`, `state.ema`.
   */
  readonly key?: string | undefined;
  /** False where no key can be given, so that no error proposes one; default: true. */
  readonly takesKey?: boolean | undefined;
}

const PATH_REMEDY = 'check the path of the checkpoint';

/**
 * Recognises the format of a file of weights by its first bytes; its name does not matter.
 * @throws UserError saying what the file is instead (a web page, a git-lfs pointer, an archive) and what to do
 */
export async function formatOfFile(path: string): Promise<WeightsFormat> {
  return formatOf(path, await readStart(path, START_BYTES, PATH_REMEDY));
}

function formatOf(path: string, start: Uint8Array): WeightsFormat {
  const found = recognise(start);
  if (typeof found === 'string') return found;
  throw new UserError(`${path}: ${strangerText(found, start)}`);
}

/**
 * Parses the bytes of a file of weights, .safetensors or PyTorch's, with every name as it is in the file.
 * @param path name of the file in messages
 * @throws UserError naming the file and what is wrong with it
 */
export function parseTensorFile(bytes: Uint8Array, path: string, options: TensorFileOptions = {}): SafetensorsFile {
  const format = formatOf(path, bytes.subarray(0, START_BYTES));
  switch (format) {
    case 'pytorch':
      return reading(path, PYTORCH_REMEDY, () => ({ tensors: parsePyTorch(bytes, options).state, metadata: {} }));
    case 'safetensors':
      return selected(path, parseSafetensors(bytes, path), options.key);
    case 'numpy':
      throw new UserError(`${path}: a NumPy archive; this network's weights are read from .safetensors and .pth`);
    case 'shards':
      throw new UserError(`${path}: the index of several files; give its path, so that they are found beside it`);
  }
}

/**
 * Reads a file of weights of any format, with every name as it is in the file: .safetensors, PyTorch's, or the index of
 * several such files (`model.safetensors.index.json`).
 * @throws UserError naming the file and what is wrong with it
 */
export async function readTensorFile(path: string, options: TensorFileOptions = {}): Promise<SafetensorsFile> {
  const bytes = await readWhole(path, PATH_REMEDY);
  if (recognise(bytes.subarray(0, START_BYTES)) !== 'shards') return parseTensorFile(bytes, path, options);
  const tensors = await readShards(path, bytes, async (file) => (await readTensorFile(file)).tensors);
  return selected(path, { tensors, metadata: {} }, options.key);
}

/**
 * Reads the tensors of a file of weights of any format, for readers that know no network; "module." and "_orig_mod."
 * are dropped where every name begins with them.
 * @throws UserError naming the file and what is wrong with it
 */
export async function readTensors(path: string, options: TensorFileOptions = {}): Promise<State> {
  const { tensors } = await readTensorFile(path, options);
  return withoutWrappers(tensors.keys())(tensors);
}

function selected(path: string, file: SafetensorsFile, key: string | undefined): SafetensorsFile {
  if (key === undefined) return file;
  return { ...file, tensors: reading(path, SAFETENSORS_REMEDY, () => below(file.tensors, key)) };
}
