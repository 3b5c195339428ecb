// What a fuzzer makes of inputs that it has: of bytes, and of JSON.
import { uniform } from '../graphs/random.mjs';

/** @param {number} seed tells the whole run */
export function randomFrom(seed) {
  const next = uniform(seed);
  const below = (count) => Math.floor(next() * count);
  return { below, pick: (list) => list[below(list.length)] };
}

const BYTES = [0, 1, 0x22, 0x2c, 0x5b, 0x7b, 0x7f, 0x80, 0xff];

/** @param {Buffer} bytes */
export function mutateBytes(bytes, others, words, { below, pick }) {
  let made = Buffer.from(bytes);
  for (let times = 1 + below(4); times > 0; times -= 1) {
    const at = below(made.length + 1);
    const length = 1 + below(8);
    const end = Math.min(made.length, at + length);
    const change = below(7);
    if (change === 0 && at < made.length) made[at] = pick(BYTES);
    else if (change === 1 && at < made.length) made[at] ^= 1 << below(8);
    else if (change === 2) made = Buffer.concat([made.subarray(0, at), made.subarray(end)]);
    else if (change === 3) made = Buffer.concat([made.subarray(0, at), made.subarray(at, end), made.subarray(at)]);
    else if (change === 4) made = Buffer.concat([made.subarray(0, at), Buffer.from(pick(words)), made.subarray(at)]);
    else if (change === 5) {
      const other = pick(others);
      made = Buffer.concat([made.subarray(0, at), other.subarray(below(other.length + 1))]);
    } else if (at + 4 <= made.length) made.writeUInt32LE(pick([0, 1, 0xff, 0xffff, 0x7fffffff, 0xffffffff]), at);
  }
  return made;
}

const VALUES = [
  null,
  true,
  false,
  0,
  1,
  -1,
  0.5,
  1e21,
  -1e-9,
  Number.MAX_SAFE_INTEGER,
  '',
  '0',
  'a',
  '1e3',
  '50%',
  '\u0000',
  [],
  {},
];

/** A copy of a JSON value in which one place is another: a known word, a value of another kind, gone, twice, or of another input. */
export function mutateJson(value, others, words, random) {
  const { below, pick } = random;
  const made = structuredClone(value);
  const places = [];
  const visit = (parent, key) => {
    places.push([parent, key]);
    const child = parent[key];
    if (typeof child === 'object' && child !== null) for (const name of Object.keys(child)) visit(child, name);
  };
  const whole = { made };
  visit(whole, 'made');
  const [parent, key] = pick(places);
  const change = below(6);
  if (change === 0) parent[key] = structuredClone(pick(VALUES));
  else if (change === 1) parent[key] = pick(words);
  else if (change === 2) delete parent[key];
  else if (change === 3) parent[key] = [parent[key], structuredClone(parent[key])];
  else if (change === 4) {
    if (typeof parent[key] !== 'object' || parent[key] === null) parent[key] = { [pick(words)]: parent[key] };
    else parent[key][pick(words)] = structuredClone(pick(VALUES));
  } else {
    const other = structuredClone(pick(others));
    parent[key] =
      typeof other === 'object' && other !== null && Object.keys(other).length > 0 ? pick(Object.values(other)) : other;
  }
  return whole.made;
}
