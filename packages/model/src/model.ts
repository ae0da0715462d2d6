import {
  type DecodedPicture,
  type FloatPicture,
  messageOf,
  type RestoreOptions,
  type Restorer,
  UserError,
} from '@unweather/core-tensor';

/** What a model is made of: a network that runs, and how pictures come in and go out. */
export interface ModelParts<Input, Output> {
  /** Name of the network. */
  readonly network: string;
  /** Name of the weights, as people give it: a path, a package's, an address without keys. */
  readonly weights: string;
  /** "onnxruntime-node cpu": what computes, and where. */
  readonly engine: string;
  /** Threads of one operation on the CPU, in a browser of WebAssembly; 1 on a browser's GPU. */
  readonly threads: number;
  readonly restorer: Pick<Restorer, 'restore' | 'dispose' | 'receptiveRadius'>;
  /** Decodes what `restore` is given, and names it for messages. */
  read(input: Input): Promise<{ readonly name: string; readonly decoded: DecodedPicture }>;
  /** Makes of restored pixels what `restore` resolves to. */
  give(restored: Omit<DecodedPicture, 'depth'> & { readonly picture: FloatPicture }): Output;
}

/** A network with its weights, ready to restore pictures; to be disposed of when it has restored the last. */
export class Model<Input, Output> implements AsyncDisposable {
  private readonly end = new AbortController();
  private ended: Promise<void> | undefined;

  constructor(private readonly parts: ModelParts<Input, Output>) {}

  /** Name of the network. */
  get network(): string {
    return this.parts.network;
  }

  /** Name of the weights, as people give it: a path, `@unweather/durn#rain`, an address without its keys. */
  get weights(): string {
    return this.parts.weights;
  }

  /** What computes, and where: "onnxruntime-node cpu". */
  get engine(): string {
    return this.parts.engine;
  }

  /** Threads of one operation on the CPU, in a browser of WebAssembly; 1 on a browser's GPU. */
  get threads(): number {
    return this.parts.threads;
  }

  /**
   * Radius of the network's receptive field, in pixels: tiles that share twice that give exactly the whole picture's result.
   * Infinity where every pixel depends on the whole picture.
   */
  get receptiveRadius(): number {
    return this.parts.restorer.receptiveRadius;
  }

  /**
   * Restores one picture; the same session serves every call. Pictures that are restored at the same time take turns,
   * tile by tile.
   * @throws UserError naming the picture: missing, not readable, too small; an option out of range; a model that is
   * disposed of
   * @throws the signal's reason, when it is aborted; the model stays usable
   */
  async restore(input: Input, options: RestoreOptions = {}): Promise<Output> {
    const { restorer, read, give } = this.parts;
    const signal = options.signal ? AbortSignal.any([options.signal, this.end.signal]) : this.end.signal;
    signal.throwIfAborted();
    const { name, decoded } = await read(input);
    try {
      const picture = await restorer.restore(decoded.picture, { tile: 'auto', ...options, signal });
      const { alpha, profile } = decoded;
      return give({ picture, ...(alpha && { alpha }), ...(profile && { profile }) });
    } catch (thrown) {
      if (signal.aborted && thrown === signal.reason) throw thrown;
      const { width, height } = decoded.picture;
      // onnxruntime says so where the system refuses; where it promises too much, the process ends.
      if (/bad[_ ]alloc|failed to allocate|out of memory/i.test(messageOf(thrown)))
        throw new UserError(
          `${name}: too little memory for ${width}×${height} pixels (${messageOf(thrown)}); let it be restored by smaller tiles, for instance tile 512`,
        );
      throw thrown instanceof UserError ? new UserError(`${name}: ${messageOf(thrown)}`) : thrown;
    }
  }

  /** Ends the session and its thread. Pictures that are being restored are given up, each with an error. */
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
