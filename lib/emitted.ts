import { onAbort } from './on-abort.js';

/** Gives a piece; resolves when it is taken, or when nobody will. */
export type Emit<T> = (piece: T) => Promise<void>;

interface Waiting<T> {
  readonly piece: T;
  readonly taken: () => void;
}

/**
 * What a call gives piece by piece, in the order of its coming; it begins at once. An error comes after the pieces before it.
 * Who leaves the loop early cancels the call, and has it ended when the loop is left.
 */
export function emitted<T>(
  signal: AbortSignal | undefined,
  work: (emit: Emit<T>, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  if (signal?.aborted) controller.abort(signal.reason);
  const unlisten = signal && onAbort(signal, () => controller.abort(signal.reason));
  const pieces: Waiting<T>[] = [];
  let ended = false;
  let wake = (): void => undefined;
  const emit: Emit<T> = (piece) =>
    new Promise((taken) => {
      if (controller.signal.aborted) taken();
      pieces.push({ piece, taken });
      wake();
    });
  const takeAll = (): void => {
    for (const { taken } of pieces) taken();
  };
  controller.signal.addEventListener('abort', takeAll, { once: true });
  const running = work(emit, controller.signal).finally(() => {
    ended = true;
    unlisten?.();
    wake();
  });
  // Who never looks is not to be a process that dies of it.
  running.catch(() => undefined);
  return read();

  async function* read(): AsyncGenerator<T, void, undefined> {
    try {
      for (;;) {
        for (let next = pieces.shift(); next !== undefined; next = pieces.shift()) {
          next.taken();
          yield next.piece;
        }
        if (ended) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      await running;
    } finally {
      controller.abort();
      await running.catch(() => undefined);
    }
  }
}
