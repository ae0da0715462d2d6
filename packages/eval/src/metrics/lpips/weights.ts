import {
  type Module,
  readTensors,
  requireFinite,
  type State,
  show,
  type Tensor,
  UserError,
  Vgg,
} from '@unweather/core-tensor';
import { AlexNet } from './alexnet.js';

/** A network whose features are compared, and the shapes of its weights. */
export interface Judge {
  readonly name: string;
  /** Channels of the five features. */
  readonly channels: readonly number[];
  /** Least side of a picture, in pixels. */
  readonly least: number;
  /** URL of torchvision's weights. */
  readonly source: string;
  create(): Module<[Tensor], Tensor[]>;
}

const JUDGES: readonly Judge[] = [
  {
    name: 'vgg16',
    channels: [64, 128, 256, 512, 512],
    least: 16,
    source: 'https://download.pytorch.org/models/vgg16-397923af.pth',
    create: () => new Vgg('vgg16', [3, 8, 15, 22, 29]),
  },
  {
    name: 'alexnet',
    channels: [64, 192, 384, 256, 256],
    least: 31,
    source: 'https://download.pytorch.org/models/alexnet-owt-7be5be79.pth',
    create: () => new AlexNet(),
  },
];

/** Name of a feature's linear weights in the lpips package. */
export function linearName(index: number): string {
  return `lin${index}.model.1.weight`;
}

/**
 * Reads the linear weights, and finds their network by their shapes.
 * @throws UserError when they fit no network
 */
export async function readLinear(path: string): Promise<{ judge: Judge; weights: State }> {
  const tensors = await readTensors(path, { takesKey: false });
  const remedy = 'use lpips/weights/v0.1/vgg.pth or alex.pth of the lpips package';
  const weights: State = new Map();
  const channels = [0, 1, 2, 3, 4].map((index) => {
    const value = tensors.get(linearName(index));
    if (value === undefined) throw new UserError(`${path}: tensor "${linearName(index)}" is missing; ${remedy}`);
    weights.set(linearName(index), value);
    return value.shape;
  });
  const judge = JUDGES.find((one) => one.channels.every((count, i) => show(channels[i]!) === show([1, count, 1, 1])));
  if (judge === undefined)
    throw new UserError(
      `${path}: linear weights of the shapes ${channels.map(show).join(' ')} fit none of the known networks ` +
        `(${JUDGES.map(({ name }) => name).join(', ')}); ${remedy}`,
    );
  requireFinite(path, weights);
  return { judge, weights };
}

/** Reads the network's convolutions from torchvision's file. @throws UserError when it is of another network */
export async function readNetwork(path: string, judge: Judge, network: Module<[Tensor], Tensor[]>): Promise<State> {
  const tensors = await readTensors(path, { takesKey: false });
  const remedy = `the linear weights are for ${judge.name}: use torchvision's weights from ${judge.source}`;
  const weights: State = new Map();
  for (const [name, { shape }] of network.parameters()) {
    const value = tensors.get(name);
    if (value === undefined) throw new UserError(`${path}: tensor "${name}" is missing; ${remedy}`);
    if (show(value.shape) !== show(shape))
      throw new UserError(`${path}: tensor "${name}" is ${show(value.shape)}, expected ${show(shape)}; ${remedy}`);
    weights.set(name, value);
  }
  requireFinite(path, weights);
  return weights;
}
