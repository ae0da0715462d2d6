/** Where a graph runs. */
export type Device = 'cpu' | 'webgpu' | 'cuda';
/** Every device, as `--device` names it. */
export const DEVICES: readonly Device[] = ['cpu', 'webgpu', 'cuda'];

/** Operations that a device lacks, or gives to the CPU at the price of copies; they are lowered as what they are made of. */
export const DECOMPOSED: Readonly<Record<Device, ReadonlySet<string>>> = {
  cpu: new Set(),
  webgpu: new Set([
    // Its convolution is wrong for some numbers of input channels; here they would be the batch.
    'conv2dWeightGradient',
    'deformConv2d',
    'maxPool2dGradient',
    'pixelUnshuffle',
    // Its Slice is wrong with negative steps.
    'reflectPad2dGradient',
    'sign',
  ]),
  cuda: new Set(['deformConv2d']),
};
