import type { Device } from '../../../graph/device.js';
import type { Node } from '../../../graph/node.js';
import type { Tensor } from '../../../graph/tensor.js';

/** A rewriting of single operations that makes a graph faster on a device, and changes nothing else. */
export interface Pass {
  /** Name in `withoutPasses` that switches the pass off. */
  readonly name: string;
  readonly devices: readonly Device[];
  /** Computes the same values by other operations; returns undefined if there is nothing to gain. */
  rewrite(node: Node): readonly Tensor[] | undefined;
}
