import { Bell } from '../../bell.js';

/** What came of one of many. */
export type Outcome<T> =
  | { readonly index: number; readonly value: T; readonly error?: undefined }
  | { readonly index: number; readonly value?: undefined; readonly error: Error };

/**
 * Works at many side by side, so many at a time, and gives each as soon as it is finished. Leaving the loop aborts the rest.
 * What `given` itself throws ends the loop.
 */
export async function* many<G, T>(
  given: Iterable<G> | AsyncIterable<G>,
  most: number,
  work: (each: G, index: number, signal: AbortSignal) => Promise<T>,
): AsyncGenerator<Outcome<T>, void, undefined> {
  const left = new AbortController();
  const bell = new Bell();
  const finished: Outcome<T>[] = [];
  let busy = 0;
  let over: { readonly error?: unknown } | undefined;
  const one = async (each: G, index: number): Promise<void> => {
    const outcome = await work(each, index, left.signal).then(
      (value) => ({ index, value }),
      (error: unknown) => ({ index, error: error instanceof Error ? error : new Error(String(error)) }),
    );
    busy -= 1;
    finished.push(outcome);
    bell.ring();
  };
  const feed = async (): Promise<void> => {
    let index = 0;
    for await (const each of given) {
      while (busy + finished.length >= most && !left.signal.aborted) await bell.heard();
      if (left.signal.aborted) return;
      busy += 1;
      void one(each, index);
      index += 1;
    }
  };
  void feed().then(
    () => {
      over = {};
      bell.ring();
    },
    (error: unknown) => {
      over = { error };
      bell.ring();
    },
  );
  try {
    for (;;) {
      const next = finished.shift();
      if (next) {
        bell.ring();
        yield next;
      } else if (over && busy === 0) {
        if ('error' in over) throw over.error;
        return;
      } else await bell.heard();
    }
  } finally {
    left.abort();
    bell.ring();
  }
}
