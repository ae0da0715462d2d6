import type { Executable } from '../engines/executable.js';
import { float32 } from '../graph/tensor-data.js';
import type { AnyPicture, FloatPicture, Window } from '../image/picture.js';
import { channelsOf } from '../image/planes.js';
import type { PictureFormat } from '../nn/picture-network.js';
import { Breath } from '../support/breath.js';
import { UserError } from '../support/error.js';
import { valueText } from '../support/value-text.js';
import { addTile, tileToPlanes } from './tile-planes.js';
import { planTiles, type TileOptions, type TilePlan } from './tiles.js';
import { unlessAborted } from './unless-aborted.js';

/** Options for restoring a picture. */
export interface RestoreOptions extends TileOptions {
  /** Number of tiles per batch; default: 1. Larger batches take more memory and are seldom faster on a CPU. */
  readonly batch?: number;
  /** Stops the work at once, except for the tile that the engine is running; the network stays usable. */
  readonly signal?: AbortSignal | undefined;
  /** Called after every batch of tiles; a whole picture is one tile. */
  readonly onProgress?: ((progress: TileProgress) => void) | undefined;
}

/** Number of tiles done and in total. */
export interface TileProgress {
  readonly done: number;
  readonly total: number;
}

/** A network that is ready to run on an engine. */
export interface RunningNetwork {
  /** Input "input" [N, C, H, W], output "output" of the same shape. */
  readonly executable: Pick<Executable, 'run'>;
  readonly format: PictureFormat;
  /** See receptiveRadiusOf. */
  readonly receptiveRadius: number;
}

/**
 * Restores a picture, whole or in tiles. Where the network needs larger sides, or multiples of a number, the picture is
 * extended to the right and at the bottom by mirroring, and the result is cropped. A network for grey pictures
 * processes a colour picture channel by channel. Long work on the picture yields to the event loop.
 * @returns the restored picture, nominally in [0, 1], not clamped
 * @throws UserError when an option is out of range
 * @throws the signal's reason, when it is aborted
 */
export async function restorePicture(
  { executable, format, receptiveRadius }: RunningNetwork,
  picture: AnyPicture,
  options: RestoreOptions = {},
): Promise<FloatPicture> {
  const { batch = 1, signal, onProgress } = options;
  signal?.throwIfAborted();
  const { width, height } = picture;
  if (!(Number.isSafeInteger(batch) && batch >= 1))
    throw new UserError(`batch is ${valueText(batch)}; give the number of tiles at a time, 1 or more`);
  const plan = planTiles(picture, format, receptiveRadius, options);
  const tiles = tilesOf(plan);
  const breath = new Breath();
  const byChannel = format.colour === 'grey' && !(await isGrey(picture, breath));
  const order = byChannel ? 'rgb' : format.colour;
  const channels = channelsOf(order);
  const [rows, columns] = [plan.down.size, plan.across.size];
  const each = channels * rows * columns;
  const result = { width, height, data: new Float32Array(width * height * 3) };
  for (let done = 0; done < tiles.length; ) {
    const group = tiles.slice(done, done + batch);
    const planes = new Float32Array(group.length * each);
    for (const [i, { window }] of group.entries()) await tileToPlanes(picture, window, order, planes, i * each, breath);
    signal?.throwIfAborted();
    const shape = byChannel ? [group.length * 3, 1, rows, columns] : [group.length, channels, rows, columns];
    const { output } = await unlessAborted(executable.run({ input: float32(planes, shape) }), signal);
    for (const [i, { window, shares }] of group.entries())
      await addTile(output!.data as Float32Array, i * each, window, shares, order, result, breath);
    signal?.throwIfAborted();
    done += group.length;
    onProgress?.({ done, total: tiles.length });
  }
  return result;
}

interface Tile {
  readonly window: Window;
  readonly shares: readonly [Float32Array, Float32Array];
}

function tilesOf({ across, down }: TilePlan): Tile[] {
  return down.starts.flatMap((top, row) =>
    across.starts.map((left, column) => ({
      window: { left, top, width: across.size, height: down.size },
      shares: [across.seams[column]!, down.seams[row]!] as const,
    })),
  );
}

async function isGrey({ width, data }: AnyPicture, breath: Breath): Promise<boolean> {
  for (let start = 0; start < data.length; start += width * 3) {
    for (let i = start; i < start + width * 3; i += 3)
      if (data[i] !== data[i + 1] || data[i] !== data[i + 2]) return false;
    await breath.take();
  }
  return true;
}
