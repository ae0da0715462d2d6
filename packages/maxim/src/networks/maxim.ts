import {
  add,
  constant,
  indexSelect,
  Module,
  type PictureFormat,
  pixelUnshuffle,
  type Tensor,
} from '@unweather/core-tensor';
import { CrossGating } from './cross-gating.js';
import { Conv, toChannelsFirst, toChannelsLast } from './layers.js';
import { concatenated, doubled, existing, UpSampleRatio } from './reading.js';
import { SupervisedAttention } from './supervised-attention.js';
import { Bottleneck, type Level, UNetDecoder, UNetEncoder } from './unet.js';

/** Number of levels of the U-Nets, which is also the number of scales of the restored pictures. */
const LEVELS = 3;
const BOTTLENECKS = 2;

/** Size of a network. */
export interface MaximSize {
  /** Number of U-Nets, one after another: 2 for rain and haze, 3 for noise and blur. */
  readonly stages: number;
  /** Channels at full size; default: 32, the paper's MAXIM-S. A multiple of 4. */
  readonly features?: number;
}

/** Features that a stage leaves to the next, by level from the largest. */
interface Legacy {
  readonly encoded: readonly Tensor[];
  readonly decoded: readonly Tensor[];
  readonly attended: readonly Tensor[];
}

/** One U-Net with everything between it and its neighbours. */
interface Stage {
  readonly inputs: readonly Conv[];
  readonly fusions: readonly CrossGating[];
  readonly encoders: readonly UNetEncoder[];
  readonly bottlenecks: readonly Bottleneck[];
  /** By level, then by the level that is resized. */
  readonly encodedRatios: readonly (readonly UpSampleRatio[])[];
  readonly gatings: readonly CrossGating[];
  readonly gatedRatios: readonly (readonly UpSampleRatio[])[];
  readonly decoders: readonly UNetDecoder[];
  readonly attentions: readonly SupervisedAttention[];
  readonly outputs: readonly Conv[];
}

/**
 * MAXIM (Tu and others, CVPR 2022; official file maxim/models/maxim.py): U-Nets of multi-axis gated MLPs, one after
 * another. [N, 3, H, W] RGB in [0, 1] → the same size, not clamped; H and W multiples of 64. With 32 features, two stages
 * have 14,176,178 parameters in 1760 tensors, three stages 22,212,795 in 2754. The grid reaches across the whole picture.
 *
 * Parameters have the names of the official tree, with dots between its levels, and Flax's layout: kernels of dense layers
 * [in, out], of convolutions [height, width, in, out] (those of transposed ones not flipped). So a checkpoint of Flax is
 * read as it is. Inside, features are [N, H, W, C].
 */
export class Maxim extends Module {
  readonly pictures: PictureFormat = { colour: 'rgb', multiple: 64, least: 64, tile: 512, whole: 400_000 };
  readonly #stages: readonly Stage[];

  constructor({ stages, features = 32 }: MaximSize) {
    super();
    const levels = Array.from(
      { length: LEVELS },
      (_, i): Level => ({ channels: features * 2 ** i, side: i < 2 ? 16 : 8 }),
    );
    let ratios = 0;
    const place = <M extends Module<never[], unknown>>(name: string, module: M): M => {
      Object.assign(this, { [name]: module });
      return module;
    };
    /** Layers that bring the features of all levels to one; the official code counts them through. */
    const resizing = (to: number, from: readonly number[]) =>
      from.map((level) =>
        place(
          `UpSampleRatio_${ratios++}`,
          new UpSampleRatio(levels[level]!.channels, levels[to]!.channels, 2 ** (level - to)),
        ),
      );
    const deepest = levels.at(-1)!;
    const upward = [...levels.keys()].reverse();
    this.#stages = Array.from({ length: stages }, (_, s): Stage => {
      const named = (name: string) => `stage_${s}_${name}`;
      const [isFirst, isLast] = [s === 0, s === stages - 1];
      const everywhere = <M extends Module<never[], unknown>>(name: string, make: (level: Level, i: number) => M) =>
        levels.map((level, i) => place(named(`${name}_${i}`), make(level, i)));
      const above = (i: number) => (levels[i - 1] ?? { channels: features }).channels;
      const below = (i: number) => (levels[i + 1] ?? deepest).channels;
      const encoders = everywhere(
        'encoder_block',
        (level, i) => new UNetEncoder(above(i) + level.channels, level, { gated: !isFirst }),
      );
      const byLevel = <T>(make: (i: number) => T): T[] => upward.map(make).reverse();
      return {
        inputs: everywhere('input_conv', ({ channels }) => new Conv(3, channels, 3)),
        fusions: isFirst ? [] : everywhere('input_fuse_sam', ({ channels, side }) => new CrossGating(channels, side)),
        encoders,
        bottlenecks: Array.from({ length: BOTTLENECKS }, (_, i) =>
          place(named(`global_block_${i}`), new Bottleneck(deepest)),
        ),
        encodedRatios: byLevel((i) => resizing(i, [...levels.keys()])),
        gatings: everywhere(
          'cross_gating_block',
          ({ channels, side }, i) => new CrossGating(channels, side, { from: LEVELS * channels, doubles: below(i) }),
        ),
        gatedRatios: byLevel((i) => resizing(i, upward)),
        decoders: everywhere('decoder_block', (level, i) => new UNetDecoder(below(i), level, LEVELS * level.channels)),
        attentions: isLast
          ? []
          : everywhere('supervised_attention_module', ({ channels }) => new SupervisedAttention(channels)),
        outputs: isLast ? everywhere('output_conv', ({ channels }) => new Conv(channels, 3, 3)) : [],
      };
    });
  }

  protected forward(x: Tensor): Tensor {
    return this.restored(x).at(-1)!.at(-1)!;
  }

  /**
   * The pictures that every stage restores, at ¼, ½ and the whole of the size, as the paper's loss compares them.
   * @param x [N, 3, H, W]
   */
  restored(x: Tensor): Tensor[][] {
    const scaled = [x, shrunk(x, 2), shrunk(x, 4)];
    let legacy: Legacy | undefined;
    return this.#stages.map((stage) => {
      const { pictures, ...left } = runStage(stage, scaled, legacy);
      legacy = left;
      return pictures;
    });
  }
}

/** Every n-th pixel of both axes, the one in the middle or after it (`jax.image.resize` by "nearest"). */
function shrunk(x: Tensor, n: number): Tensor {
  const middle = (n / 2) * n + n / 2;
  const places = [0, 1, 2].map((channel) => channel * n * n + middle);
  return indexSelect(pixelUnshuffle(x, n), 1, constant(places, [3], 'int64'));
}

function runStage(
  stage: Stage,
  scaled: readonly Tensor[],
  legacy: Legacy | undefined,
): Legacy & { pictures: Tensor[] } {
  const levels = [...scaled.keys()];
  const upward = [...levels].reverse();
  const inputs = levels.map((i) => {
    const own = stage.inputs[i]!.apply(toChannelsLast(scaled[i]!));
    return legacy ? stage.fusions[i]!.apply(existing(own), legacy.attended[i]!).x : own;
  });
  const encoded: Tensor[] = [];
  let x = inputs[0]!;
  for (const i of levels) {
    const entering = i === 0 ? doubled(x) : concatenated([existing(x), existing(inputs[i]!)]);
    const before = legacy && add(legacy.encoded[i]!, legacy.decoded[i]!);
    const { down, bridge } = stage.encoders[i]!.apply(entering, before);
    encoded.push(bridge);
    x = down;
  }
  x = stage.bottlenecks.reduce((value, bottleneck) => bottleneck.apply(value), x);
  let signal = x;
  const gated: Tensor[] = [];
  for (const i of upward) {
    const every = concatenated(stage.encodedRatios[i]!.map((ratio, j) => ratio.apply(encoded[j]!)));
    const { x: own, y } = stage.gatings[i]!.apply(every, signal);
    gated.push(own);
    signal = y;
  }
  const [decoded, attended, pictures]: [Tensor[], Tensor[], Tensor[]] = [[], [], []];
  for (const i of upward) {
    const every = concatenated(stage.gatedRatios[i]!.map((ratio, j) => ratio.apply(gated[j]!)));
    x = stage.decoders[i]!.apply(x, every);
    decoded.unshift(x);
    if (stage.attentions.length > 0) {
      const { features, restored } = stage.attentions[i]!.apply(x, scaled[i]!);
      attended.unshift(features);
      pictures.push(restored);
    } else pictures.push(add(scaled[i]!, toChannelsFirst(stage.outputs[i]!.apply(x))));
  }
  return { encoded, decoded, attended, pictures };
}
