import { requireFinite } from '../checkpoint/finite.js';
import { readTensors } from '../checkpoint/tensor-file.js';
import { show } from '../graph/dim.js';
import type { State } from '../graph/tensor-data.js';
import { UserError } from '../support/error.js';
import type { Vgg, VggKind } from './vgg.js';

/** Addresses of torchvision's weights. */
const SOURCES: Readonly<Record<VggKind, string>> = {
  vgg16: 'https://download.pytorch.org/models/vgg16-397923af.pth',
  vgg19: 'https://download.pytorch.org/models/vgg19-dcbb9e9d.pth',
};

/**
 * Reads a VGG's weights from torchvision's file.
 * @param path the file, or undefined when the user gave none
 * @param prefix starts the names in the state, as given to `vgg.parameters(prefix)`
 * @throws UserError when there is no file or it is not of this VGG; the message gives the download address
 */
export async function readVgg(vgg: Vgg, path: string | undefined, prefix = vgg.kind): Promise<State> {
  const remedy = `download torchvision's ${vgg.kind} weights from ${SOURCES[vgg.kind]} and give the file with --vgg`;
  if (path === undefined) throw new UserError(`this needs the ${vgg.kind} features for its perceptual term; ${remedy}`);
  const tensors = await readTensors(path, { takesKey: false });
  const state: State = new Map();
  for (const [name, { shape }] of vgg.parameters(prefix)) {
    const own = name.slice(prefix.length + 1);
    const value = tensors.get(own);
    if (value === undefined) throw new UserError(`${path}: tensor "${own}" is missing; ${remedy}`);
    if (show(value.shape) !== show(shape))
      throw new UserError(`${path}: tensor "${own}" is ${show(value.shape)}, expected ${show(shape)}; ${remedy}`);
    state.set(name, value);
  }
  requireFinite(path, state);
  return state;
}
