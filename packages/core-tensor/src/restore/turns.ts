/** Mutex that runs one piece of work at a time, in the order of the calls. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param signal if aborted before the work has begun, the work never begins
   * @throws the signal's reason, or the error of the work
   */
  take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const result = this.last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    this.last = result.catch(() => undefined);
    return result;
  }
}
