/** Longest stretch of work between two pauses, in milliseconds. */
const STRETCH = 8;

/** Splits long work on numbers into stretches and yields to the event loop between them. */
export class Breath {
  private since = performance.now();

  /** Yields to the event loop once a stretch is over; await it every few thousand numbers. */
  async take(): Promise<void> {
    if (performance.now() - this.since < STRETCH) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve);
    });
    this.since = performance.now();
  }

  /** Cuts numbers into views, one after another, and yields to the event loop between them. */
  async *parts<Numbers extends Cuttable>(numbers: Numbers): AsyncGenerator<Numbers> {
    for (let start = 0; start < numbers.length; start += PART) {
      yield numbers.subarray(start, start + PART) as Numbers;
      await this.take();
    }
  }
}

/** Numbers of one view: few milliseconds of work, and a multiple of every number of channels. */
const PART = 12 * 8192;

type Cuttable = Uint8Array | Uint16Array | Uint32Array | Float32Array;
