import { buildGraph } from '../graph/graph.js';
import { type FieldInSource, receptiveFieldsIn } from '../graph/receptive-field.js';
import { input } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import { formatOf, type PictureNetwork } from '../nn/picture-network.js';

/**
 * Radius of a network's receptive field, as its operations declare theirs: the largest distance, in pixels, from a pixel
 * of the result to a pixel of the picture that it depends on. Infinity where the network averages over the picture or
 * moves its taps by what it sees.
 */
export function receptiveRadiusOf(network: PictureNetwork): number {
  const { channels, multiple, least } = formatOf(network);
  // Sizes in numbers show whether what is brought to the size of something else keeps its places.
  const side = multiple * Math.ceil(Math.max(least, SIDE) / multiple);
  const x = input('input', [1, channels, side, side]);
  network.parameters();
  const output = trace('eval', () => network.apply(x)).result;
  return radiusOf(receptiveFieldsIn(buildGraph({ output }), x).get(output));
}

/** Large enough for every network's padding. */
const SIDE = 512;

function radiusOf(field: FieldInSource | undefined): number {
  if (field === undefined) return 0;
  return field === 'whole' || field.scale !== 1 ? Infinity : Math.max(0, Math.ceil(Math.max(field.back, field.ahead)));
}
