import {
  type AnyPicture,
  Breath,
  type DecodedPicture,
  type DecodeOptions,
  type FloatPicture,
  type Frame,
  messageOf,
  type OptionNames,
  type RestoreOptions,
  type Restorer,
  refuseUnknown,
  requireFinitePicture,
  UserError,
  valueText,
} from '@unweather/core-tensor';
import { follow } from './follow.js';
import type { Restored } from './restored-pixels.js';
import { Room } from './room.js';

/** Options for restoring one picture. */
export interface ModelRestoreOptions extends RestoreOptions {
  /**
   * Number of the only frame of an animation, or page of a document, to restore, from 1; default: all of them, one after
   * another.
   */
  readonly frame?: number;
}

/** Parts of a model: a network in a session, and functions that read and return pictures. */
export interface ModelParts<Input, Output> {
  /** Name of the network. */
  readonly network: string;
  /** Name of the weights for display: a path, a package, or a URL without keys. */
  readonly weights: string;
  /** Engine and device: "onnxruntime-node cpu". */
  readonly engine: string;
  /** Threads per operation on the CPU (in a browser, of WebAssembly); 1 on a browser's GPU. */
  readonly threads: number;
  readonly restorer: Pick<Restorer, 'restore' | 'dispose' | 'receptiveRadius'>;
  /** Decodes the input of `restore`, or one frame of it, and names it for messages. */
  read(
    input: Input,
    options: Pick<DecodeOptions, 'frame' | 'room'>,
  ): Promise<{ readonly name: string; readonly decoded: DecodedPicture }>;
  /** Converts restored pixels to the result of `restore`. */
  give(restored: Restored): Output;
}

/**
 * Pixels of the pictures that a model restores at the same time: four photographs of 12 megapixels, which take 15 bytes a
 * pixel, decoded and restored.
 */
const PIXELS = 48e6;

/** A network with its weights, ready to restore pictures; dispose of it after the last one. */
export class Model<Input, Output> implements AsyncDisposable {
  private readonly end = new AbortController();
  private readonly room = new Room(PIXELS);
  private ended: Promise<void> | undefined;

  constructor(private readonly parts: ModelParts<Input, Output>) {}

  /** Name of the network. */
  get network(): string {
    return this.parts.network;
  }

  /**
   * Name of the weights for display: a path, `@unweather/durn#rain`, a URL without its keys, or another publisher's package
   * with version and licence.
   */
  get weights(): string {
    return this.parts.weights;
  }

  /** Engine and device: "onnxruntime-node cpu". */
  get engine(): string {
    return this.parts.engine;
  }

  /** Threads per operation on the CPU (in a browser, of WebAssembly); 1 on a browser's GPU. */
  get threads(): number {
    return this.parts.threads;
  }

  /**
   * Radius of the network's receptive field in pixels. Tiles that overlap by twice the radius give exactly the result
   * of the whole picture. Infinity if every pixel depends on the whole picture.
   */
  get receptiveRadius(): number {
    return this.parts.restorer.receptiveRadius;
  }

  /**
   * Restores one picture, with all frames of an animation; the same session serves every call. Pictures that are
   * restored at the same time alternate tile by tile; those beyond 48 million pixels wait, and are not read before. What
   * the results take, 12 bytes a pixel, is the caller's.
   * @throws UserError naming the picture if it is missing, not readable or too small; for an option that is unknown or
   * out of range, for a result that is NaN or infinite, and for a model that was disposed of
   * @throws the signal's reason if it is aborted; the model stays usable
   */
  async restore(input: Input, options: ModelRestoreOptions = {}): Promise<Output> {
    const { read } = this.parts;
    check(options);
    const { frame, ...others } = options;
    const { signal, leave } = follow(...(options.signal ? [options.signal] : []), this.end.signal);
    let leaveRoom: (() => void) | undefined;
    const room = async (pixels: number) => {
      leaveRoom ??= await this.room.enter(pixels, signal);
    };
    try {
      signal.throwIfAborted();
      const { name, decoded } = await read(input, { ...(frame !== undefined && { frame }), room });
      const { width, height } = decoded.picture;
      await room(width * height * (1 + (decoded.further?.frames.length ?? 0)));
      return await this.given(name, decoded, { ...others, signal });
    } finally {
      leaveRoom?.();
      leave();
    }
  }

  /** Restores a picture that is read, and names it in errors. */
  private async given(name: string, decoded: DecodedPicture, options: RestoreOptions): Promise<Output> {
    const { signal } = options;
    try {
      return this.parts.give(await this.restored(decoded, options));
    } catch (thrown) {
      if (signal?.aborted && thrown === signal.reason) throw thrown;
      const { width, height } = decoded.picture;
      // onnxruntime reports memory that the system refuses; if the system overcommits, the process is killed instead.
      if (/bad[_ ]alloc|failed to allocate|out of memory/i.test(messageOf(thrown)))
        throw new UserError(
          `${name}: too little memory for ${width}×${height} pixels (${messageOf(thrown)}); ` +
            'use smaller tiles, for instance tile 512',
        );
      throw thrown instanceof UserError ? new UserError(`${name}: ${messageOf(thrown)}`) : thrown;
    }
  }

  /** Restores the frames of a picture one after another; their tiles are counted together. */
  private async restored({ picture, further, ...decoded }: DecodedPicture, options: RestoreOptions): Promise<Restored> {
    const frames = 1 + (further?.frames.length ?? 0);
    const restore = async (frame: AnyPicture, index: number): Promise<FloatPicture> => {
      const onProgress: RestoreOptions['onProgress'] =
        options.onProgress &&
        (({ done, total }) => options.onProgress!({ done: index * total + done, total: frames * total }));
      const each = { tile: 'auto' as const, ...options, ...(onProgress && { onProgress }) };
      const result = await this.parts.restorer.restore(frame, each);
      await requireColours(result);
      return result;
    };
    const first = await restore(picture, 0);
    const rest: (Frame & { readonly picture: FloatPicture })[] = [];
    for (const [i, frame] of (further?.frames ?? []).entries())
      rest.push({ ...frame, picture: await restore(frame.picture, i + 1) });
    return { ...decoded, picture: first, ...(further && { further: { ...further, frames: rest } }) };
  }

  /** Ends the session and its thread. Pictures that are being restored are rejected with an error. */
  dispose(): Promise<void> {
    this.end.abort(new UserError('the model has been disposed of; load it again'));
    this.ended ??= this.parts.restorer.dispose();
    return this.ended;
  }

  /** For `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }
}

const RESTORE_OPTIONS: OptionNames<ModelRestoreOptions> = {
  tile: true,
  overlap: true,
  batch: true,
  signal: true,
  onProgress: true,
  frame: true,
};

/** Validates options that are objects and functions, for callers in untyped JavaScript. */
function check(options: ModelRestoreOptions): void {
  refuseUnknown('restore', options, RESTORE_OPTIONS);
  const { signal, onProgress } = options;
  if (signal !== undefined && typeof signal?.throwIfAborted !== 'function')
    throw new UserError(`signal is ${valueText(signal)}; give the signal of an AbortController`);
  if (onProgress !== undefined && typeof onProgress !== 'function')
    throw new UserError(`onProgress is ${valueText(onProgress)}; give a function`);
}

/** @throws UserError for NaN and infinities, which weights that are not numbers give */
async function requireColours({ width, height, data }: FloatPicture): Promise<void> {
  const ROWS = 64;
  const breath = new Breath();
  for (let row = 0; row < height; row += ROWS) {
    const rows = data.subarray(row * width * 3, (row + ROWS) * width * 3);
    requireFinitePicture({ width, data: rows }, 'the restored picture', row);
    await breath.take();
  }
}
