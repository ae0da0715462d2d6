import { Lambda, Module, mul, type Tensor } from '@unweather/core-tensor';
import { dilatedGate, dilatedSpatialGate, SpatialGate, separableGate, separableSpatialGate } from './convolutions.js';
import type { Primitive } from './names.js';
import { ChannelGate, SqueezeAverageMaximum, SqueezeExcitation } from './squeeze.js';

/** A gate of channels, then one of pixels. */
class Cbam extends Module {
  readonly ChannelGate: ChannelGate;
  readonly SpatialGate = new SpatialGate();

  constructor(channels: number) {
    super();
    this.ChannelGate = new ChannelGate(channels);
  }

  protected forward(x: Tensor): Tensor {
    return this.SpatialGate.apply(this.ChannelGate.apply(x));
  }
}

/** Constructors of the candidates (official file operations.py); all keep [N, C, H, W]. */
const MAKERS: Readonly<Record<Primitive, (channels: number) => Module>> = {
  none: () => new Lambda((x) => mul(x, 0)),
  skip_connect: () => new Lambda((x) => x),
  sep_conv_3x3: separableGate,
  dil_conv_3x3: dilatedGate,
  sep_conv_3x3_spatial: separableSpatialGate,
  dil_conv_3x3_spatial: dilatedSpatialGate,
  SE: (channels) => new SqueezeExcitation(channels, 4),
  SE_A_M: (channels) => new SqueezeAverageMaximum(channels),
  CBAM: (channels) => new Cbam(channels),
};

/** Makes a candidate for an edge. */
export function primitive(name: Primitive, channels: number): Module {
  return MAKERS[name](channels);
}
