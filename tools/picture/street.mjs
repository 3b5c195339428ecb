// A street for dreams: two rows of houses that run towards a tower, cobbles with a kerb, lamps, trees and a car, under an evening sky.
import { drawn, ellipse, mix, step } from './figure.mjs';
import { fractal } from './noise.mjs';

const HORIZON = 0.52;
const HOUSES = [
  [196, 152, 108],
  [168, 92, 74],
  [204, 188, 158],
  [124, 134, 142],
  [188, 166, 96],
];
const GLASS = [46, 58, 74];
const LAMP_LIT = [250, 214, 132];
const FRAME = [232, 226, 212];
const LEAVES = [58, 92, 40];

const hash = (value) => Math.abs(Math.sin(value * 12.9898) * 43758.5453) % 1;

function sky(x, y, seed) {
  const blue = mix(y / HORIZON, [92, 122, 176], [246, 206, 160]);
  return mix(step(0.5, 0.75, fractal(x * 2 + 1, y * 5, 6, seed + 4)), blue, [250, 236, 214]);
}

/** A front by its own coordinates: `along` in houses, `up` from the pavement in storeys. */
function front(along, up, side, seed) {
  const house = Math.floor(along);
  const storeys = 3 + Math.floor(hash(house + side * 31 + seed) * 2.99);
  if (up > storeys + 0.18) return undefined;
  const wall = HOUSES[Math.floor(hash(house * 3 + side * 7 + seed) * HOUSES.length)];
  if (up > storeys) return wall.map((value) => value * 0.62);
  const across = ((along - house) * 3) % 1;
  const rise = up % 1;
  const window = Math.floor(along * 3) + Math.floor(up) * 17 + side * 101;
  const plaster = 0.8 + 0.3 * fractal(along * 20, up * 12, 3, seed + 17);
  const inFrame = Math.abs(across - 0.5) < 0.26 && Math.abs(rise - 0.5) < 0.34;
  if (!inFrame)
    return wall.map((value) => value * plaster * (rise < 0.06 ? 0.72 : 1) * (along - house < 0.03 ? 0.6 : 1));
  const inGlass = Math.abs(across - 0.5) < 0.2 && Math.abs(rise - 0.5) < 0.29;
  if (!inGlass || Math.abs(across - 0.5) < 0.015 || Math.abs(rise - 0.56) < 0.015)
    return FRAME.map((value) => value * plaster);
  return hash(window + seed) > 0.72 ? LAMP_LIT : mix(1 - rise, GLASS, [120, 136, 156]);
}

function tower(x, y, middle) {
  const across = Math.abs(x - middle);
  const spire = y > 0.16 && y < 0.28 && across < (y - 0.16) * 0.42;
  const body = y >= 0.28 && y < HORIZON && across < 0.045;
  if (spire) return [86, 96, 104].map((value) => value * (1 - 4 * (x - middle)));
  if (!body) return undefined;
  const opening = Math.hypot(across / 0.014, (y - 0.33) / 0.026) < 1;
  return opening ? GLASS : [172, 158, 140].map((value) => value * (0.95 - 4 * (x - middle)));
}

function ground(x, y, middle, seed) {
  const depth = 0.18 / (y - HORIZON + 0.004);
  const across = (x - middle) * depth;
  const row = Math.floor(depth * 9);
  const joint = Math.min(Math.abs((across * 9 + 0.5 * (row % 2)) % 1), Math.abs((depth * 9) % 1));
  const stone = 0.75 + 0.35 * hash(Math.floor(across * 9 + 0.5 * (row % 2)) * 7 + row * 3);
  const wet = 0.25 * fractal(x * 4, y * 14, 4, seed + 23);
  const kerb = Math.abs(Math.abs(across) - 0.23) < 0.012;
  const paved = Math.abs(across) > 0.23;
  const base = kerb ? [186, 182, 174] : paved ? [148, 140, 130] : [104, 100, 102];
  return mix(
    wet,
    base.map((value) => value * (step(0, 0.12, joint) * 0.4 + 0.6) * stone),
    [226, 190, 156],
  );
}

function things(x, y, middle, seed) {
  const body = ellipse(x, y, [middle - 0.14, 0.735, 0.115, 0.052]);
  const roof = ellipse(x, y, [middle - 0.14, 0.695, 0.075, 0.052]);
  for (const side of [-0.07, 0.07]) {
    const wheel = ellipse(x, y, [middle - 0.14 + side, 0.775, 0.027, 0.027]);
    if (wheel > 0) return wheel > 0.5 ? [160, 162, 166] : [26, 26, 28];
  }
  if (roof > 0 && y < 0.712) return roof > 0.25 ? mix(y * 4 - 2.6, [150, 176, 196], GLASS) : [134, 26, 30];
  if (body > 0) return [182, 38, 40].map((value) => value * (1.25 - (y - 0.69) * 6));
  for (const [x0, size] of [
    [0.52, 1],
    [-0.34, 0.55],
  ]) {
    const pole = Math.abs(x - middle - x0) < 0.008 * size && y > HORIZON - 0.28 * size && y < HORIZON + 0.3 * size;
    if (ellipse(x, y, [middle + x0, HORIZON - 0.3 * size, 0.028 * size, 0.036 * size]) > 0) return LAMP_LIT;
    if (pole) return [40, 44, 46];
  }
  const crown = ellipse(x, y, [middle + 0.3, 0.4, 0.12, 0.13]) + 0.7 * (fractal(x * 16, y * 16, 4, seed + 41) - 0.5);
  if (crown > 0.12) return LEAVES.map((value) => value * (0.5 + 1.6 * fractal(x * 40, y * 40, 3, seed + 43)));
  if (Math.abs(x - middle - 0.3) < 0.012 && y > 0.4 && y < 0.66) return [70, 52, 40];
  return undefined;
}

/** @returns {Uint8Array} RGB, interleaved */
export function drawStreet(width, height, seed) {
  return drawn(width, height, seed, (x, y, aspect) => {
    const middle = aspect / 2;
    const thing = things(x, y, middle, seed);
    if (thing !== undefined) return thing;
    const side = Math.sign(x - middle) || 1;
    // A front stands 0.42 from the street's middle: how far off a point of it is follows from how far off the middle it appears.
    const off = Math.abs(x - middle);
    const depth = 0.42 / Math.max(off, 1e-3);
    const up = (HORIZON + 0.18 / depth - y) * depth * 5;
    if (depth < 7 && up > 0) {
      const wall = front(depth * 1.6 + 5, up, side, seed);
      if (wall !== undefined)
        return mix(
          depth / 12,
          wall.map((value) => value * (side < 0 ? 1 : 0.72)),
          [226, 190, 158],
        );
    }
    if (y > HORIZON + 0.02) return ground(x, y, middle, seed);
    return tower(x, y, middle) ?? sky(x, y, seed);
  });
}
