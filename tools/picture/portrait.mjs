// A portrait for dreams: head and shoulders, with hair, eyes, nose and mouth, a knitted pullover and a wall out of focus.
import { drawn, ellipse, mix, rounded, step } from './figure.mjs';
import { fractal } from './noise.mjs';

const SKIN = [222, 172, 142];
const BLUSH = [206, 120, 104];
const HAIR = [74, 44, 26];
const HAIR_LIGHT = [158, 104, 60];
const EYE_WHITE = [238, 234, 228];
const IRIS = [72, 112, 104];
const DARK = [34, 22, 20];
const LIPS = [186, 84, 84];
const WOOL = [176, 62, 48];

function wall(x, y, seed) {
  const light = fractal(x * 1.3, y * 1.3, 3, seed + 3);
  const shelf = step(0.46, 0.52, fractal(x * 0.9 + 4, y * 2.2, 2, seed + 8));
  return mix(shelf * 0.7, mix(light, [86, 112, 118], [202, 204, 186]), [118, 84, 58]);
}

function shoulders(x, y, middle, seed) {
  const top = 0.78 + 1.1 * (x - middle) ** 2;
  if (y < top) return undefined;
  const row = y * 62 + 3 * Math.cos((x - middle) * 4);
  const stitch = Math.abs(Math.sin(Math.PI * (x * 46 + 0.5 * (Math.floor(row) % 2)))) * Math.sin(Math.PI * (row % 1));
  const fold = 0.75 + 0.5 * fractal(x * 3, y * 2, 3, seed + 12) - 0.4 * (x - middle);
  return WOOL.map((value) => value * fold * (0.55 + 0.6 * stitch));
}

function eye(x, y, centre) {
  const [x0, y0] = centre;
  const across = (x - x0) / 0.062;
  const lid = 0.032 * (1 - across ** 2);
  if (Math.abs(across) > 1 || Math.abs(y - y0) > lid) {
    const brow = Math.abs(y - (y0 - 0.072 + 0.018 * across ** 2));
    if (Math.abs(across) < 1.25 && brow < 0.013) return mix(step(0.013, 0.006, brow), SKIN, HAIR);
    return Math.abs(across) < 1.05 && y < y0 && y > y0 - lid - 0.012 ? DARK : undefined;
  }
  const radius = Math.hypot(x - x0, y - y0 + 0.003);
  if (Math.hypot(x - x0 + 0.008, y - y0 + 0.012) < 0.006) return [250, 250, 250];
  if (radius < 0.012) return DARK;
  const fibre = 0.8 + 0.3 * Math.sin(Math.atan2(y - y0, x - x0) * 22);
  return radius < 0.028
    ? IRIS.map((value) => value * fibre)
    : EYE_WHITE.map((value) => value * (1 - 0.25 * across ** 2));
}

function face(x, y, middle, seed) {
  const head = [middle, 0.44, 0.205, 0.275];
  const depth = ellipse(x, y, head);
  const neck = Math.abs(x - middle) < 0.1 && y > 0.6 && y < 0.86;
  if (depth < 0 && !neck) return undefined;
  const light = depth < 0 ? 0.62 : rounded(x, y, head) * (0.8 + 0.35 * Math.sqrt(depth));
  for (const side of [-1, 1]) {
    const part = eye(x, y, [middle + side * 0.085, 0.42]);
    if (part !== undefined && depth > 0) return part.map((value) => value * (0.85 + 0.15 * light));
  }
  let colour = mix(0.5 * fractal(x * 30, y * 30, 3, seed + 2) - 0.15, SKIN, BLUSH);
  for (const side of [-1, 1]) {
    colour = mix(0.5 * Math.max(0, ellipse(x, y, [middle + side * 0.12, 0.53, 0.08, 0.06])), colour, BLUSH);
  }
  const nose = ellipse(x, y, [middle + 0.012, 0.505, 0.036, 0.085]);
  const shade = light - 0.28 * step(0.1, 0.35, nose) * step(-0.01, 0.02, x - middle) + 0.12 * step(0.2, 0.5, nose);
  const mouth = ellipse(x, y, [middle, 0.605 - 6 * 0.1 * (x - middle) ** 2, 0.075, 0.024]);
  if (mouth > 0) {
    const parting = Math.abs(y - (0.603 - 0.6 * (x - middle) ** 2)) < 0.004;
    return (parting ? DARK : LIPS).map((value) => value * (0.8 + 0.35 * mouth));
  }
  return colour.map((value) => value * shade);
}

/** Whether hair covers a point; its strands run down from the crown. */
function hair(x, y, middle, seed) {
  const outer = ellipse(x, y, [middle, 0.42, 0.285, 0.36]);
  const wave = 0.03 * fractal(x * 9, y * 9, 3, seed + 5);
  const inner = ellipse(x, y, [middle + 0.008, 0.49, 0.18 + wave, 0.285 + wave]);
  const hangs = Math.abs(x - middle) > 0.16 && Math.abs(x - middle) < 0.27 + wave && y > 0.35 && y < 0.76;
  if ((outer < 0 && !hangs) || inner > 0) return undefined;
  const angle = Math.atan2(y - 0.15, x - middle);
  const strand = fractal(
    angle * 26 + 2.4 * fractal(x * 5, y * 5, 2, seed),
    Math.hypot(x - middle, y - 0.15) * 3,
    4,
    seed + 31,
  );
  const shine = Math.exp(-(((y - 0.2 - 0.3 * (x - middle) ** 2) / 0.05) ** 2));
  return mix(strand * 1.1 - 0.25 + 0.5 * shine * strand, HAIR, HAIR_LIGHT);
}

/** @returns {Uint8Array} RGB, interleaved */
export function drawPortrait(width, height, seed) {
  return drawn(width, height, seed, (x, y, aspect) => {
    const middle = aspect / 2;
    return hair(x, y, middle, seed) ?? face(x, y, middle, seed) ?? shoulders(x, y, middle, seed) ?? wall(x, y, seed);
  });
}
