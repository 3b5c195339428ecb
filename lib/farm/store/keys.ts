import { LiveDreamError } from '../../errors.js';

/** The kinds of things in a store, each a folder of its own. */
export const KINDS = ['inputs', 'results', 'plans', 'frames', 'states', 'facts'] as const;
export type Kind = (typeof KINDS)[number];

const KEY = /^(inputs|results|plans|frames|states|facts)\/[0-9a-f]{2}\/[0-9a-z.][0-9a-z.-]{0,180}$/;

/** The key of something whose name begins with a hash: two of its digits make a folder, as a folder of a million files is slow. */
export function keyOf(kind: Kind, name: string): string {
  return checkKey(`${kind}/${name.slice(0, 2)}/${name}`);
}

export function isKey(key: unknown): key is string {
  return typeof key === 'string' && KEY.test(key) && !key.includes('..');
}

/** What a client writes to find out whether it can. */
export const TRIAL = 'facts/00/.trial';

/** Whose it is, of a picture, a job or a model: the hash that its name begins with; undefined of what is unfinished. */
export function hashOf(key: string): string | undefined {
  return /\/([0-9a-f]{64})(?![0-9a-f])[^/]*$/.exec(key)?.[1];
}

/** Throws ERR_LIVEDREAM_FARM_JOB for anything else: keys come in jobs, and a store may be a folder of this machine. */
export function checkKey(key: unknown): string {
  if (isKey(key)) return key;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_FARM_JOB',
    `${JSON.stringify(String(key).slice(0, 80))} is no key of the farm's store.`,
  );
}
