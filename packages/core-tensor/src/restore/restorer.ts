import type { Executable } from '../engines/executable.js';
import { type EngineOptions, type OpenedEngine, openEngine } from '../engines/open.js';
import { float32, type State } from '../graph/tensor-data.js';
import { type Picture, toPlanes } from '../image/picture.js';
import type { Module } from '../nn/module.js';
import { inferenceGraph } from '../nn/network.js';

/** A restored picture as the network gives it: RGB planes (CHW), nominally in [0, 1], not clamped. */
export interface RestoredPlanes {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/** A network with its weights, ready to restore pictures of any size; one session in a thread of its own. */
export class Restorer {
  private constructor(private readonly executable: Executable) {}

  /**
   * @param weights every parameter and buffer of the network, by state_dict name
   * @throws UserError when the engine or the device does not work here
   */
  static async open(network: Module, weights: State, options: EngineOptions = {}): Promise<Restorer> {
    return Restorer.on(await openEngine(options), network, weights);
  }

  /** As {@link Restorer.open}, on an engine that is open already. */
  static async on(engine: OpenedEngine, network: Module, weights: State): Promise<Restorer> {
    return new Restorer(await engine.inference(inferenceGraph(network), weights));
  }

  /** Restores one picture, whole. */
  async restore(picture: Picture): Promise<RestoredPlanes> {
    const { width, height } = picture;
    const planes = new Float32Array(3 * width * height);
    toPlanes(picture, planes);
    const { output } = await this.executable.run({ input: float32(planes, [1, 3, height, width]) });
    return { width, height, data: output!.data as Float32Array };
  }

  /** Ends the session and its thread. */
  async dispose(): Promise<void> {
    await this.executable.dispose();
  }
}
