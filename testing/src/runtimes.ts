import {
  formatOf,
  goldenPicture,
  inferenceGraph,
  initialState,
  openEngine,
  type PictureNetwork,
} from '@unweather/core-tensor';

/**
 * Restores a picture of noise with onnxruntime-node and with onnxruntime-web's WebAssembly.
 * @returns the largest difference between the two, and the largest number of the first
 */
export async function differenceByRuntimes(network: PictureNetwork): Promise<{ apart: number; largest: number }> {
  const { channels, least, multiple } = formatOf(network);
  const side = multiple * Math.ceil(Math.max(least, 32) / multiple);
  const weights = initialState(network.parameters(), 1);
  const input = goldenPicture('input', 'runtimes', [1, channels, side, side + multiple]);
  const outputs = [];
  for (const engine of ['onnxruntime', 'onnxruntime-web'] as const) {
    const { inference, description } = await openEngine({ engine });
    const executable = await inference(inferenceGraph(network, channels), weights);
    const { output } = await executable.run({ input });
    outputs.push({ description, data: output!.data as Float32Array });
    await executable.dispose();
  }
  const [native, wasm] = outputs;
  if (native!.description === wasm!.description)
    throw new Error('onnxruntime-node is not installed: nothing to compare');
  return {
    apart: native!.data.reduce((a, value, i) => Math.max(a, Math.abs(value - wasm!.data[i]!)), 0),
    largest: native!.data.reduce((a, value) => Math.max(a, Math.abs(value)), 0),
  };
}
