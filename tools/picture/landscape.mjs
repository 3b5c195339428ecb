// A landscape for dreams: evening sky with clouds, three ranges of mountains in the haze, a meadow, and a lake.
import { fractal, ridged } from './noise.mjs';

const mix = (amount, from, to) =>
  from.map((value, index) => value + (to[index] - value) * Math.min(1, Math.max(0, amount)));
const step = (edge0, edge1, value) => {
  const t = Math.min(1, Math.max(0, (value - edge0) / (edge1 - edge0)));
  return t * t * (3 - 2 * t);
};

const ZENITH = [58, 104, 172];
const HORIZON = [248, 204, 158];
const SUNLIT = [255, 244, 226];
const SHADED = [138, 142, 168];
const SNOW = [240, 242, 250];
const HAZE = [214, 186, 172];

const RANGES = [
  { base: 0.5, height: 0.3, scale: 1.5, rock: [112, 112, 140], haze: 0.5, snow: 0.2 },
  { base: 0.58, height: 0.24, scale: 2.3, rock: [84, 84, 100], haze: 0.22, snow: 0.26 },
  { base: 0.69, height: 0.16, scale: 3.6, rock: [52, 70, 52], haze: 0.08, snow: -1 },
];
const SHORE = 0.76;

function sky(x, y, seed) {
  const blue = mix(step(0, 0.62, y), ZENITH, HORIZON);
  const warp = fractal(x * 2, y * 3, 4, seed + 90);
  const density = fractal(x * 2.2 + warp, y * 5 + warp * 0.8, 7, seed + 40, 0.55);
  const lit = fractal(x * 2.2 + warp + 0.05, y * 5 + warp * 0.8 + 0.16, 7, seed + 40, 0.55);
  const cloud = mix(0.5 + (density - lit) * 5, SHADED, SUNLIT);
  return mix(step(0.47, 0.66, density) * 0.95, blue, cloud);
}

function crest(range, index, x, seed) {
  return range.base - range.height * (ridged(x * range.scale + index * 7.3, index * 3.1, 8, seed + index * 17) - 0.22);
}

function slope(range, index, x, y, top, seed) {
  const rough = ridged(x * 9 + index, y * 11, 6, seed + 60 + index);
  const right = ridged(x * 9 + index + 0.04, y * 11 - 0.05, 6, seed + 60 + index);
  const light = 0.62 + 2.2 * (rough - right) + 0.5 * (rough - 0.4);
  let colour = range.rock.map((value) => value * light);
  if (index === 2) {
    const trees = fractal(x * 60, y * 42, 3, seed + 7);
    colour = mix(step(0.35, 0.62, trees), [24, 46, 30], [98, 112, 58]).map(
      (value) => value * (0.7 + 0.6 * (light - 0.4)),
    );
  }
  const snow = step(range.snow, range.snow - 0.12, (y - top) / range.height + 0.35 * (rough - 0.5) + 0.06);
  colour = mix(
    snow * 0.92,
    colour,
    SNOW.map((value) => value * (0.6 + 0.5 * light)),
  );
  return mix(range.haze, colour, HAZE);
}

/** Everything above the water. */
function land(x, y, seed) {
  for (let index = RANGES.length - 1; index >= 0; index -= 1) {
    const range = RANGES[index];
    const top = crest(range, index, x, seed);
    if (y > top) return slope(range, index, x, y, top, seed);
  }
  return sky(x, y, seed);
}

function lake(x, y, seed) {
  const depth = (y - SHORE) / (1 - SHORE);
  const ripple = fractal((x * 14) / (0.35 + depth), (y * 160) / (0.5 + depth), 4, seed + 5) - 0.5;
  const mirrored = land(x + ripple * 0.03 * (0.3 + depth), SHORE - (y - SHORE) * 1.5 - Math.abs(ripple) * 0.05, seed);
  return mix(
    0.18 + 0.34 * depth,
    mirrored.map((value) => value * (0.92 + ripple * 0.35)),
    [26, 58, 78],
  );
}

function foreground(x, y, seed) {
  const bank = 0.93 - 0.11 * fractal(x * 2.4 + 3, 0.5, 5, seed + 21) + 0.1 * (x - 0.5);
  if (y < bank) return undefined;
  const blades = fractal(x * 130, y * 34, 3, seed + 31);
  const flowers = fractal(x * 75, y * 75, 2, seed + 77);
  const grass = mix(blades * 1.3 - 0.1, [26, 44, 18], [146, 152, 62]);
  if (flowers > 0.79)
    return mix((flowers - 0.79) * 14, grass, x * 40 - Math.floor(x * 40) > 0.5 ? [236, 92, 120] : [250, 214, 90]);
  return grass;
}

/** @returns {Uint8Array} RGB, interleaved */
export function drawLandscape(width, height, seed) {
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const x = column / height;
      const y = row / height;
      const colour = foreground(x, y, seed) ?? (y > SHORE ? lake(x, y, seed) : land(x, y, seed));
      const grain = 5 * (fractal(column * 0.9, row * 0.9, 1, seed + 99) - 0.5);
      for (let index = 0; index < 3; index += 1) {
        data[(row * width + column) * 3 + index] = Math.min(255, Math.max(0, Math.round(colour[index] + grain)));
      }
    }
  }
  return data;
}
