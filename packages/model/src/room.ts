interface Waiting {
  readonly pixels: number;
  enter(): void;
}

/**
 * Room for the pixels of pictures that are restored at the same time. A picture that finds too little of it waits, in the
 * order of the calls; one that is larger than all of it has it alone.
 */
export class Room {
  private taken = 0;
  private readonly waiting: Waiting[] = [];

  /** @param pixels that fit in */
  constructor(private readonly pixels: number) {}

  /**
   * Waits for room.
   * @returns function that gives the room back
   * @throws the signal's reason, if it is aborted before there is room
   */
  async enter(pixels: number, signal: AbortSignal): Promise<() => void> {
    const size = Math.min(pixels, this.pixels);
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const stop = () => {
        this.waiting.splice(this.waiting.indexOf(one), 1);
        reject(signal.reason);
        this.admit();
      };
      const one: Waiting = {
        pixels: size,
        enter() {
          signal.removeEventListener('abort', stop);
          resolve();
        },
      };
      signal.addEventListener('abort', stop, { once: true });
      this.waiting.push(one);
      this.admit();
    });
    return () => {
      this.taken -= size;
      this.admit();
    };
  }

  private admit(): void {
    for (let [next] = this.waiting; next && this.taken + next.pixels <= this.pixels; [next] = this.waiting) {
      this.waiting.shift();
      this.taken += next.pixels;
      next.enter();
    }
  }
}
