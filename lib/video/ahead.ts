/** The same in the same order, while up to `most` are made ahead of the one that is taken. Leaving the loop ends the making. */
export async function* ahead<T>(source: AsyncIterable<T>, most: number): AsyncGenerator<T, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  const coming: Promise<IteratorResult<T>>[] = [];
  const more = (): void => {
    while (coming.length < most) {
      const next = iterator.next();
      // It is heard when its turn comes.
      next.catch(() => undefined);
      coming.push(next);
    }
  };
  try {
    more();
    for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
      const { done, value } = await next;
      if (done) return;
      more();
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
