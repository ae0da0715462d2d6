/** Signal of one piece of work, which aborts with any of the signals that it follows. */
export interface Following {
  readonly signal: AbortSignal;
  /** Ends the following; the work is done. */
  leave(): void;
}

interface Followers {
  readonly controllers: Set<AbortController>;
  readonly stop: () => void;
}

/** Work under way by the signal that it follows; each signal has one listener, since Node warns beyond ten. */
const followers = new WeakMap<AbortSignal, Followers>();

/** Follows signals that outlive the work. `AbortSignal.any` would leave some 60 bytes in each of them for ever. */
export function follow(...signals: AbortSignal[]): Following {
  const own = new AbortController();
  const leaves = signals.map((signal) => followOne(signal, own));
  return {
    signal: own.signal,
    leave() {
      for (const leave of leaves) leave();
    },
  };
}

function followOne(signal: AbortSignal, own: AbortController): () => void {
  if (signal.aborted) {
    own.abort(signal.reason);
    return () => undefined;
  }
  const found = followers.get(signal) ?? begun(signal);
  found.controllers.add(own);
  return () => {
    found.controllers.delete(own);
    if (found.controllers.size > 0 || followers.get(signal) !== found) return;
    signal.removeEventListener('abort', found.stop);
    followers.delete(signal);
  };
}

function begun(signal: AbortSignal): Followers {
  const controllers = new Set<AbortController>();
  const stop = () => {
    followers.delete(signal);
    for (const controller of controllers) controller.abort(signal.reason);
  };
  signal.addEventListener('abort', stop, { once: true });
  followers.set(signal, { controllers, stop });
  return { controllers, stop };
}
