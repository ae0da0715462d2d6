/**
 * Processes several items at a time, started in order, and yields the results in that order.
 * @param items iterable, possibly endless
 * @param ahead number of items started before the current one has ended
 * @throws the error of `work`, once the item is due; leaving the iteration early waits for the work already started
 */
export async function* inOrder<Item, Result>(
  items: Iterable<Item>,
  ahead: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const begun: Promise<Result>[] = [];
  const source = items[Symbol.iterator]();
  const begin = () => {
    const { value, done } = source.next();
    if (done) return false;
    const result = work(value);
    // A failure is thrown when its item is due; until then it must not count as unhandled.
    result.catch(() => undefined);
    begun.push(result);
    return true;
  };
  try {
    for (;;) {
      while (begun.length <= ahead && begin());
      if (begun.length === 0) return;
      yield await begun.shift()!;
    }
  } finally {
    await Promise.allSettled(begun);
  }
}
