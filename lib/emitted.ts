import { onAbort } from './on-abort.js';

/**
 * What a call gives piece by piece, in the order of its coming; it begins at once. An error comes after the pieces before it.
 * Who leaves the loop early cancels the call, and has it ended when the loop is left.
 */
export function emitted<T>(
  signal: AbortSignal | undefined,
  work: (emit: (piece: T) => void, signal: AbortSignal) => Promise<void>,
): AsyncGenerator<T, void, undefined> {
  const controller = new AbortController();
  if (signal?.aborted) controller.abort(signal.reason);
  const unlisten = signal && onAbort(signal, () => controller.abort(signal.reason));
  const pieces: T[] = [];
  let ended = false;
  let wake = (): void => undefined;
  const emit = (piece: T): void => {
    pieces.push(piece);
    wake();
  };
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
        for (let piece = pieces.shift(); piece !== undefined; piece = pieces.shift()) yield piece;
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
