import { describeValue } from '../errors.js';

/** Where a model of the package is fetched from: a zip archive with the graph in it. */
export interface FetchDescription {
  readonly url: string;
  /** Of the archive, in hex. */
  readonly sha256: string;
  /** Of the archive. */
  readonly bytes: number;
  /** The graph's path in the archive; its SHA-256 is the description's own. */
  readonly graph: string;
  /** The path of the text of its labels, and that one's SHA-256. */
  readonly labels?: string;
  readonly labelsSha256?: string;
}

type Kind = 'address' | 'hash' | 'count' | 'member';

export const FETCH_FIELDS = {
  url: 'address',
  sha256: 'hash',
  bytes: 'count',
  graph: 'member',
  labels: 'member',
  labelsSha256: 'hash',
} as const satisfies Record<keyof FetchDescription, Kind>;

const OPTIONAL: readonly string[] = ['labels', 'labelsSha256'] satisfies (keyof FetchDescription)[];

function isArchiveAddress(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) && url.pathname.endsWith('.zip');
}

const KINDS: Readonly<Record<Kind, readonly [string, (value: unknown) => boolean]>> = {
  address: [
    'the http: or https: address of a .zip file',
    (value) => typeof value === 'string' && isArchiveAddress(value),
  ],
  hash: ['a SHA-256 in 64 hexadecimal digits', (value) => typeof value === 'string' && /^[\da-f]{64}$/i.test(value)],
  count: ['a whole number of bytes above 0', (value) => Number.isSafeInteger(value) && (value as number) > 0],
  member: ['the path of a file in the archive', (value) => typeof value === 'string' && value !== ''],
};

/** What is wrong with the field `fetch` of a description; `sha256` is the description's own. */
export function fetchFault(fetch: Readonly<Record<string, unknown>>, sha256: unknown): string | undefined {
  for (const [field, kind] of Object.entries(FETCH_FIELDS)) {
    const value = fetch[field];
    if (value === undefined && OPTIONAL.includes(field)) continue;
    const [expected, fits] = KINDS[kind];
    if (!fits(value)) return `'fetch.${field}' must be ${expected}, but is ${describeValue(value)}`;
  }
  const { labels, labelsSha256 } = fetch;
  if (labels !== undefined && labelsSha256 === undefined) return "'fetch.labels' needs 'fetch.labelsSha256' beside it";
  if (labels === undefined && labelsSha256 !== undefined) return "'fetch.labelsSha256' needs 'fetch.labels' beside it";
  const [expected, fits] = KINDS.hash;
  if (!fits(sha256))
    return `a description with 'fetch' must have 'sha256', ${expected} of its graph, but has ${describeValue(sha256)}`;
  return undefined;
}
