/** Longest stretch of work between two pauses, in milliseconds. */
const STRETCH = 8;

/** Divides long work on numbers into stretches, between which timers and requests have their turn. */
export class Breath {
  private since = performance.now();

  /** To be awaited every few thousand numbers; pauses when it is time. */
  async take(): Promise<void> {
    if (performance.now() - this.since < STRETCH) return;
    await new Promise<void>((resolve) => {
      setTimeout(resolve);
    });
    this.since = performance.now();
  }
}
