// Value noise and its fractal sum, the same on every machine.

/** Hash of a lattice point to 0..1. */
function lattice(x, y, seed) {
  let hash = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed, 2246822519);
  hash = Math.imul(hash ^ (hash >>> 13), 1274126177);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

const smooth = (t) => t * t * t * (t * (t * 6 - 15) + 10);

function noise(x, y, seed) {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const across = smooth(x - column);
  const top = lattice(column, row, seed) + across * (lattice(column + 1, row, seed) - lattice(column, row, seed));
  const left = lattice(column, row + 1, seed);
  const bottom = left + across * (lattice(column + 1, row + 1, seed) - left);
  return top + smooth(y - row) * (bottom - top);
}

/** Octaves of noise, each half as large and half as strong; about 0..1. */
export function fractal(x, y, octaves, seed, gain = 0.5) {
  let sum = 0;
  let total = 0;
  for (let octave = 0, strength = 1, scale = 1; octave < octaves; octave += 1, strength *= gain, scale *= 2) {
    sum += strength * noise(x * scale, y * scale, seed + octave);
    total += strength;
  }
  return sum / total;
}

/** Sharp crests, as of mountains. */
export function ridged(x, y, octaves, seed) {
  let sum = 0;
  let total = 0;
  for (let octave = 0, strength = 1, scale = 1; octave < octaves; octave += 1, strength *= 0.5, scale *= 2) {
    sum += strength * (1 - Math.abs(2 * noise(x * scale, y * scale, seed + octave) - 1)) ** 2;
    total += strength;
  }
  return sum / total;
}
