import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { type FetchedModel, type FetchOptions, fetchModelFrom } from '../../../lib/catalogue/fetch/fetch.js';
import type { Limits } from '../../../lib/catalogue/fetch/limits.js';
import { filesBelow, type Place } from '../../runtime/support/place.js';
import { ARCHIVE, description, GRAPH, LABELS, sha256, writeCatalogue } from './fetchable.js';

/** Of the patience that tests have. */
export const LIMITS: Limits = { stall: 400, retries: 2, firstDelay: 10, longestDelay: 20 };
/** What is in the cache in the end. */
export const KEPT = ['models/net/graph.pb', 'models/net/labels.txt'];
/** Where what has come is kept until then. */
export const PART = `downloads/net.zip.${sha256(ARCHIVE).slice(0, 12)}.part`;

/** Fetches the model `net`, whose own address is on this server. */
export async function fetchOf(
  place: Place,
  { origin }: { readonly origin: string },
  options: FetchOptions = {},
  fetch: object = {},
): Promise<FetchedModel> {
  const catalogue = writeCatalogue(path.join(place.folder, 'models'), description(origin, fetch));
  return fetchModelFrom({ catalogue, limits: LIMITS }, 'net', options);
}

export async function fails(fetching: Promise<unknown>): Promise<Error & { code: string }> {
  const error = await fetching.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('It did not fail.');
  return error as Error & { code: string };
}

/** All files of the cache. */
export function cached({ cache }: Place): string[] {
  return filesBelow(cache).filter((name) => !name.includes('.lock'));
}

export function expectRight(place: Place, { graph, labels }: FetchedModel): void {
  expect(readFileSync(graph).equals(GRAPH)).toBe(true);
  expect(readFileSync(labels ?? '').equals(LABELS)).toBe(true);
  expect(cached(place)).toEqual(KEPT);
}
