// Damaged copies of a file's bytes, the same for the same number everywhere.
import { uniform } from '../../tools/graphs/random.mjs';

const below = (random, most) => Math.floor(random() * most);

/** A place in the bytes; rather one beside text, as names have, than within the values of weights, where little can happen. */
function placeIn(random, bytes) {
  let place = 0;
  for (let tries = 0; tries < 8; tries += 1) {
    place = below(random, bytes.length);
    if (/[\w/]{4}/.test(bytes.toString('latin1', Math.max(0, place - 12), place + 12))) break;
  }
  return place;
}

/** A part of the bytes, mostly a short one. */
function range(random, bytes) {
  const start = placeIn(random, bytes);
  const longest = random() < 0.7 ? 32 : 4096;
  return [start, Math.min(bytes.length, start + 1 + below(random, Math.min(longest, bytes.length)))];
}

function flipped(random, bytes, count) {
  const copy = Buffer.from(bytes);
  for (let i = 0; i < count; i += 1) copy[placeIn(random, copy)] ^= 1 << below(random, 8);
  return copy;
}

const INTERESTING = [0, 1, 0x7f, 0x80, 0xff];
const WAYS = [
  (random, bytes) => bytes.subarray(0, below(random, bytes.length)),
  (random, bytes) => flipped(random, bytes, 1),
  (random, bytes) => flipped(random, bytes, 1),
  (random, bytes) => flipped(random, bytes, 2 + below(random, 16)),
  (random, bytes) => {
    const copy = Buffer.from(bytes);
    for (let i = 0; i <= below(random, 4); i += 1)
      copy[placeIn(random, copy)] = INTERESTING[below(random, INTERESTING.length)];
    return copy;
  },
  (random, bytes) => {
    const at = placeIn(random, bytes);
    const more = Buffer.from(Array.from({ length: 1 + below(random, 8) }, () => below(random, 256)));
    return Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)]);
  },
  (random, bytes) => {
    const [start, end] = range(random, bytes);
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)]);
  },
  (random, bytes) => {
    const [start, end] = range(random, bytes);
    const at = random() < 0.5 ? end : placeIn(random, bytes);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(start, end), bytes.subarray(at)]);
  },
];

/**
 * @param {Buffer} bytes
 * @param {number} number of the mutation
 */
export function mutated(bytes, number) {
  const random = uniform(Math.imul(number + 1, 0x9e3779b1));
  return WAYS[below(random, WAYS.length)](random, bytes);
}
