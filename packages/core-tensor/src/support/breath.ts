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
}
