import { usableCores } from '@unweather/core-tensor';

/** Error thrown after the user has interrupted the work. */
export class Interrupted extends Error {}

/**
 * Does the work for every item, several at a time, and returns the answers in the items' order. Decoding runs in
 * sharp's own threads; two lanes per core keep them busy while another file is read.
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
  // Every lane ends before anything is thrown, so that nothing is reported afterwards.
  const lanes = Array.from({ length: Math.min(items.length, 2 * usableCores()) }, lane);
  for (const ended of await Promise.allSettled(lanes)) if (ended.status === 'rejected') throw ended.reason;
  if (signal?.aborted === true) throw new Interrupted();
  return answers;
}
