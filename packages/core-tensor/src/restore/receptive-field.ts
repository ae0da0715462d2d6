import { buildGraph } from '../graph/graph.js';
import { type FieldInSource, receptiveFieldsIn } from '../graph/receptive-field.js';
import { input } from '../graph/tensor.js';
import { trace } from '../graph/trace.js';
import { formatOf, type PictureNetwork } from '../nn/picture-network.js';

/**
 * Radius of a network's receptive field, computed from those its operations declare: the largest distance, in pixels,
 * from a pixel of the result to a pixel of the picture that it depends on. Infinity if the network averages over the
 * picture or samples it at positions that depend on its content.
 */
export function receptiveRadiusOf(network: PictureNetwork): number {
  const { channels, multiple, least } = formatOf(network);
  // Numeric sizes show if a tensor resized to another one's size keeps its positions.
  const side = multiple * Math.ceil(Math.max(least, SIDE) / multiple);
  const x = input('input', [1, channels, side, side]);
  network.parameters();
  const output = trace('eval', () => network.apply(x)).result;
  return radiusOf(receptiveFieldsIn(buildGraph({ output }), x).get(output));
}

/** Side of the traced picture, large enough for every network's padding. */
const SIDE = 512;

function radiusOf(field: FieldInSource | undefined): number {
  if (field === undefined) return 0;
  return field === 'whole' || field.scale !== 1 ? Infinity : Math.max(0, Math.ceil(Math.max(field.back, field.ahead)));
}
