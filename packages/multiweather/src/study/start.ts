import type { State } from '@unweather/core-tensor';

/** Layers whose results are added to the signal that passes through the network at full size. */
const SILENT = ['convd2x.conv2d', 'fusion_1.up_convs.0.deconv', 'conv_1.conv_1x1', 'conv_output.conv2d'];
/** Gain at full size: the groups dense0 and dense_1, each with the sum behind it, double the signal. */
const GAIN = 4;

/**
 * Weights with which the network starts nearly as the identity: RGB passes the first and the last convolution through
 * their middle taps, and everything added at full size starts at 0. The network has no global skip connection, so that
 * without this it spends minutes learning to reproduce its input. Ours; the paper's network starts at random.
 */
export function nearIdentity(state: State): State {
  const started: State = new Map(
    [...state].map(([name, value]) => [name, { ...value, data: value.data.slice() }]),
  ) as State;
  const values = (name: string) => started.get(name)!.data as Float32Array;
  for (const layer of SILENT)
    for (const [name, { data }] of started) if (name.startsWith(`${layer}.`)) (data as Float32Array).fill(0);
  const [first, last] = ['conv_input.conv2d', 'conv_output.conv2d'];
  const kernel = started.get(`${first}.weight`)!.shape[3]!;
  const size = kernel * kernel;
  const inputs = values(`${first}.weight`);
  values(`${first}.bias`).fill(0);
  const channels = started.get(`${last}.weight`)!.shape[1]!;
  for (let channel = 0; channel < 3; channel++) {
    inputs.fill(0, channel * 3 * size, (channel + 1) * 3 * size);
    inputs[(channel * 3 + channel) * size + (size - 1) / 2] = 1;
    values(`${last}.weight`)[(channel * channels + channel) * 9 + 4] = 1 / GAIN;
  }
  return started;
}
