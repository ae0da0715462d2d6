/**
 * Works at several items at a time, begun in their order, and gives the results in that order.
 * @param items may be endless
 * @param ahead how many are begun before the one whose turn it is has ended
 * @throws what `work` throws, when its turn comes; whoever stops reading waits for what was begun
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
    // A failure is met when its turn comes; until then it must not count as unhandled.
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
