import type { FarmStore } from './store.js';

/** What was put there as JSON, as it was then; undefined where it is not there. */
export async function storedJson<T>(store: Pick<FarmStore, 'get'>, key: string): Promise<T | undefined> {
  const text = await store.get(key);
  return text && (JSON.parse(text.toString('utf8')) as T);
}
