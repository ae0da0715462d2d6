import type { EngineOptions, OpenedEngine } from '../engines/engine.js';
import type { Executable } from '../engines/executable.js';
import { openEngine } from '../engines/open.js';
import type { State } from '../graph/tensor-data.js';
import type { AnyPicture, FloatPicture } from '../image/picture.js';
import { inferenceGraph } from '../nn/network.js';
import { formatOf, type PictureFormat, type PictureNetwork } from '../nn/picture-network.js';
import { receptiveRadiusOf } from './receptive-field.js';
import { type RestoreOptions, restorePicture } from './restore-picture.js';
import { Turns } from './turns.js';

/** A network with its weights, ready to restore pictures of any size; one session in its own thread. */
export class Restorer {
  private readonly turns = new Turns();

  private constructor(
    private readonly executable: Executable,
    private readonly format: PictureFormat,
    /** See receptiveRadiusOf. */
    readonly receptiveRadius: number,
  ) {}

  /**
   * @param weights every parameter and buffer of the network, by state_dict name
   * @throws UserError when the engine or the device does not work here
   */
  static async open(network: PictureNetwork, weights: State, options: EngineOptions = {}): Promise<Restorer> {
    return Restorer.on(await openEngine(options), network, weights);
  }

  /** Does the same as {@link Restorer.open}, on an engine that is already open. */
  static async on(engine: OpenedEngine, network: PictureNetwork, weights: State): Promise<Restorer> {
    const format = formatOf(network);
    const executable = await engine.inference(inferenceGraph(network, format.channels), weights);
    return new Restorer(executable, format, receptiveRadiusOf(network));
  }

  /**
   * Restores one picture, whole unless the options say otherwise: see {@link restorePicture}. Pictures that are
   * restored at the same time take turns, tile by tile.
   * @throws UserError when the picture is smaller than the network can take, or an option out of range
   */
  async restore(picture: AnyPicture, options: RestoreOptions = {}): Promise<FloatPicture> {
    const whole = Math.max(picture.width, picture.height, this.format.least);
    const { executable, format, receptiveRadius, turns } = this;
    // A tile goes to the engine once it is free, so aborting a waiting tile costs nothing.
    const run: Executable['run'] = (inputs) => turns.take(() => executable.run(inputs), options.signal);
    return restorePicture({ executable: { run }, format, receptiveRadius }, picture, { tile: whole, ...options });
  }

  /** Ends the session and its thread. */
  async dispose(): Promise<void> {
    await this.executable.dispose();
  }
}
