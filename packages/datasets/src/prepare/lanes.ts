import { usableCores } from '@unweather/core-tensor';

/** Thrown when the user has interrupted the work. */
export class Interrupted extends Error {}

/**
 * Does one thing for every item, several at a time, and gives the answers in the items' order. Decoding runs in sharp's
 * own threads; two lanes a core keep them busy while another file is read.
 * @throws Interrupted once the signal is aborted
 */
export async function inLanes<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
  { signal, done }: { readonly signal?: AbortSignal | undefined; readonly done?: (count: number) => void } = {},
): Promise<Answer[]> {
  const answers = new Array<Answer>(items.length);
  let [next, finished] = [0, 0];
  const lane = async () => {
    while (next < items.length && signal?.aborted !== true) {
      const index = next++;
      answers[index] = await work(items[index]!);
      done?.(++finished);
    }
  };
  // Every lane comes to its end before anything is thrown: nothing is reported after that.
  const lanes = Array.from({ length: Math.min(items.length, 2 * usableCores()) }, lane);
  for (const ended of await Promise.allSettled(lanes)) if (ended.status === 'rejected') throw ended.reason;
  if (signal?.aborted === true) throw new Interrupted();
  return answers;
}
