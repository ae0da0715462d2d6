/** Has work done one piece at a time, in the order in which it was asked for. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param signal when it is aborted before the piece's turn comes, the piece is never begun
   * @throws the signal's reason, and what the work throws
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
