import type { Executable } from '../engines/executable.js';
import { type EngineOptions, type OpenedEngine, openEngine } from '../engines/open.js';
import { float32, type State } from '../graph/tensor-data.js';
import { type AnyPicture, cut, type FloatPicture } from '../image/picture.js';
import { fromPlanes, toPlanes } from '../image/planes.js';
import { inferenceGraph } from '../nn/network.js';
import { formatOf, type PictureNetwork } from '../nn/picture-network.js';
import { UserError } from '../support/error.js';
import { extended } from './extended.js';

/** A network with its weights, ready to restore pictures of any size; one session in a thread of its own. */
export class Restorer {
  private constructor(
    private readonly executable: Executable,
    private readonly format: ReturnType<typeof formatOf>,
  ) {}

  /**
   * @param weights every parameter and buffer of the network, by state_dict name
   * @throws UserError when the engine or the device does not work here
   */
  static async open(network: PictureNetwork, weights: State, options: EngineOptions = {}): Promise<Restorer> {
    return Restorer.on(await openEngine(options), network, weights);
  }

  /** As {@link Restorer.open}, on an engine that is open already. */
  static async on(engine: OpenedEngine, network: PictureNetwork, weights: State): Promise<Restorer> {
    const format = formatOf(network);
    return new Restorer(await engine.inference(inferenceGraph(network, format.channels), weights), format);
  }

  /**
   * Restores one picture, whole. Where the network needs sides that divide by a number, the picture is continued to
   * the right and at the bottom by mirroring, and the result cut back. A network for grey pictures takes a colour
   * picture channel by channel.
   * @returns the restored picture, nominally in [0, 1], not clamped
   * @throws UserError when the picture is smaller than the network can take
   */
  async restore(picture: AnyPicture): Promise<FloatPicture> {
    const { least, multiple, colour } = this.format;
    const { width, height } = picture;
    if (Math.min(width, height) < least)
      throw new UserError(`the picture is ${width}×${height}; this network needs at least ${least}×${least}`);
    const whole = extended(picture, multiple);
    const restored = colour === 'grey' && !isGrey(whole) ? await this.byChannel(whole) : await this.run(whole);
    return whole === picture ? restored : cut(restored, { left: 0, top: 0, width, height });
  }

  /** Ends the session and its thread. */
  async dispose(): Promise<void> {
    await this.executable.dispose();
  }

  private async run(picture: AnyPicture): Promise<FloatPicture> {
    const { colour, channels } = this.format;
    const { width, height } = picture;
    const planes = new Float32Array(channels * width * height);
    toPlanes(picture, colour, planes);
    return fromPlanes(await this.infer(planes, [1, channels, height, width]), width, height, colour);
  }

  private async byChannel(picture: AnyPicture): Promise<FloatPicture> {
    const { width, height } = picture;
    const planes = new Float32Array(3 * width * height);
    toPlanes(picture, 'rgb', planes);
    return fromPlanes(await this.infer(planes, [3, 1, height, width]), width, height, 'rgb');
  }

  private async infer(planes: Float32Array<ArrayBuffer>, shape: readonly number[]): Promise<Float32Array> {
    const { output } = await this.executable.run({ input: float32(planes, shape) });
    return output!.data as Float32Array;
  }
}

function isGrey({ data }: AnyPicture): boolean {
  for (let i = 0; i < data.length; i += 3) if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
  return true;
}
