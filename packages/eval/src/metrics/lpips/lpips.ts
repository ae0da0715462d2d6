import {
  add,
  buildGraph,
  conv2d,
  div,
  type Executable,
  float32,
  input,
  mean,
  mul,
  type OpenedEngine,
  openEngine,
  type Picture,
  sqrt,
  state,
  sub,
  sum,
  type Tensor,
  UserError,
} from '@unweather/core-tensor';
import { type Judge, linearName, readLinear, readNetwork } from './weights.js';

/** Normalisation of pictures in [−1, 1] in the lpips package: less a shift, over a scale; red, green and blue. */
const SHIFT = [-0.03, -0.088, -0.188] as const;
const SCALE = [0.458, 0.448, 0.45] as const;

/**
 * Learned perceptual image patch similarity (Zhang et al. 2018, version 0.1 of the lpips package): features of VGG16 or
 * AlexNet, normalised to length 1 per pixel; squared differences weighted by channel, averaged over pixels, summed up.
 * Lower is better. The weights are not ours to ship: the user supplies them in two files.
 */
export class Lpips {
  private constructor(
    private readonly judge: Judge,
    private readonly executable: Executable,
  ) {}

  /** Name of the network, vgg16 or alexnet, determined by the linear weights. */
  get network(): string {
    return this.judge.name;
  }

  /**
   * @param files .pth or .safetensors: torchvision's weights of VGG16 or AlexNet, and lpips' linear weights for it
   * @param engine default: onnxruntime on the CPU
   * @throws UserError naming the file and the tensor that is missing or of another shape
   */
  static async open(files: { network: string; linear: string }, engine?: OpenedEngine): Promise<Lpips> {
    const { judge, weights } = await readLinear(files.linear);
    const network = judge.create();
    const features = await readNetwork(files.network, judge, network);
    const shape = [1, 3, 'height', 'width'] as const;
    const [ours, theirs] = [network.apply(input('restored', shape)), network.apply(input('truth', shape))];
    const parts = ours.map((x, i) => {
      const difference = sub(unit(x), unit(theirs[i]!));
      const weight = state(linearName(i), [1, judge.channels[i]!, 1, 1]);
      return mean(conv2d(mul(difference, difference), weight, undefined), [2, 3]);
    });
    const graph = buildGraph({ distance: parts.reduce(add) });
    const opened = engine ?? (await openEngine());
    return new Lpips(judge, await opened.inference(graph, new Map([...features, ...weights])));
  }

  /**
   * @param restored 8-bit RGB
   * @param truth of the same size
   * @throws UserError when the two differ in size, or are too small for the network
   */
  async measure(restored: Picture, truth: Picture): Promise<number> {
    const { width, height } = restored;
    const { least, name } = this.judge;
    if (width !== truth.width || height !== truth.height)
      throw new UserError(
        `lpips: the restored picture is ${width}×${height}, the truth ${truth.width}×${truth.height}; score pictures of ` +
          'one size',
      );
    if (Math.min(width, height) < least)
      throw new UserError(
        `lpips by ${name} needs at least ${least}×${least} pixels, the picture has ${width}×${height}; use a larger picture`,
      );
    const { distance } = await this.executable.run({ restored: prepared(restored), truth: prepared(truth) });
    return Number(distance!.data[0]);
  }

  /** Ends the engine's session. */
  async dispose(): Promise<void> {
    await this.executable.dispose();
  }
}

/** Normalises every pixel's features to length 1; adds 1e-10, as lpips does, so that nothing is divided by 0. */
function unit(x: Tensor): Tensor {
  return div(x, add(sqrt(sum(mul(x, x), [1])), 1e-10));
}

function prepared({ width, height, data }: Picture) {
  const size = width * height;
  const planes = new Float32Array(3 * size);
  for (let i = 0; i < 3 * size; i++) {
    const channel = i % 3;
    planes[channel * size + (i - channel) / 3] = (data[i]! / 127.5 - 1 - SHIFT[channel]!) / SCALE[channel]!;
  }
  return float32(planes, [1, 3, height, width]);
}
