import { LiveDreamError } from '../../errors.js';

/** The kinds of things in a store, each a folder of its own. */
export const KINDS = ['inputs', 'results', 'plans', 'frames', 'states', 'facts'] as const;
export type Kind = (typeof KINDS)[number];

const KEY = /^(inputs|results|plans|frames|states|facts)\/[0-9a-f]{2}\/[0-9a-z.][0-9a-z.-]{0,180}$/;

/** The key of something whose name begins with a hash: two of its digits make a folder, as a folder of a million files is slow. */
export function keyOf(kind: Kind, name: string): string {
  return checkKey(`${kind}/${name.slice(0, 2)}/${name}`);
}

/** Throws ERR_LIVEDREAM_FARM_JOB for anything else: keys come in jobs, and a store may be a folder of this machine. */
export function checkKey(key: unknown): string {
  if (typeof key === 'string' && KEY.test(key) && !key.includes('..')) return key;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_FARM_JOB',
    `${JSON.stringify(String(key).slice(0, 80))} is no key of the farm's store.`,
  );
}
