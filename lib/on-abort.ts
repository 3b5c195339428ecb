interface Listening {
  readonly actions: Set<() => void>;
  readonly listener: () => void;
}

const signals = new WeakMap<AbortSignal, Listening>();

function listenTo(signal: AbortSignal): Listening {
  const actions = new Set<() => void>();
  const listener = (): void => {
    for (const action of actions) action();
  };
  signal.addEventListener('abort', listener, { once: true });
  return { actions, listener };
}

/**
 * Does something when the signal aborts, until the function that it returns is called. One listener for all calls with the same
 * signal: Node warns of a leak where there are more than ten.
 */
export function onAbort(signal: AbortSignal, action: () => void): () => void {
  const listening = signals.get(signal) ?? listenTo(signal);
  signals.set(signal, listening);
  listening.actions.add(action);
  return () => {
    listening.actions.delete(action);
    if (listening.actions.size > 0 || signals.get(signal) !== listening) return;
    signal.removeEventListener('abort', listening.listener);
    signals.delete(signal);
  };
}
