import { withNewThread } from '../../support/thread.js';
import type { Executable } from '../executable.js';

/**
 * Opens an executable whose runs update no state, and opens it again if its thread has ended. The run that was under way
 * is done again, once: an input that ends two threads fails, and the next one gets a new thread.
 * @param open opens the executable in a thread of its own
 */
export async function openReplaced(open: () => Promise<Executable>): Promise<Executable> {
  let current = open();
  await current;
  let disposed = false;
  const replace = (ended: Promise<Executable>) => {
    if (current !== ended) return;
    current = open();
    // The next run tries again if no thread can be started now.
    current.catch(() => {
      current = ended;
    });
  };
  return {
    async run(inputs, graph) {
      if (disposed) return (await current).run(inputs, graph);
      let used: Promise<Executable> | undefined;
      return withNewThread(async () => {
        if (used !== undefined) replace(used);
        used = current;
        return (await used).run(inputs, graph);
      });
    },
    state: async () => (await current).state(),
    async dispose() {
      disposed = true;
      await (await current).dispose();
    },
  };
}
