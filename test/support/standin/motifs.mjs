// The motifs that the stand-in model knows, as coloured drawings around the origin: (x, y in pixels, phase in 0..1) gives
// light minus 128, for red, green and blue.

/** Variants of each motif: the same drawing turned or shifted, so that most places of a picture are near one of them. */
export const PHASES = [0, 0.25, 0.5, 0.75];

const TURN = 2 * Math.PI;
const wave = (value) => Math.cos(TURN * value);
/** A light value between two colours. */
const mix = (amount, from, to) => from.map((value, index) => value + (to[index] - value) * amount);
const between = (value) => (value + 1) / 2;

const GOLD = [110, 50, -90];
const NIGHT = [-110, -90, 20];
const ROSE = [110, -40, 30];
const LEAF = [-50, 50, -60];
const SKY = [-60, 30, 110];
const WHITE = [100, 100, 90];
const EMBER = [120, 0, -80];
const VIOLET = [20, -80, 90];

export const MOTIFS = [
  {
    name: 'spirals',
    draw: (x, y, phase) => mix(between(wave(Math.hypot(x, y) / 13 - Math.atan2(y, x) / TURN + phase)), NIGHT, GOLD),
  },
  {
    name: 'eyes',
    draw: (x, y, phase) => {
      const radius = Math.hypot(x, y * (1.1 + 0.5 * phase));
      if (radius < 4) return NIGHT;
      if (radius < 10) return mix(between(wave((6 * Math.atan2(y, x)) / TURN)) * 0.5, SKY, WHITE);
      if (radius < 13) return NIGHT;
      return mix(between(wave(radius / 9)), ROSE, WHITE);
    },
  },
  {
    name: 'flowers',
    draw: (x, y, phase) => {
      const angle = Math.atan2(y, x) / TURN + phase / 6;
      const edge = 12 + 6 * wave(6 * angle);
      const radius = Math.hypot(x, y);
      if (radius < 4) return GOLD;
      if (radius < edge) return mix(radius / edge, VIOLET, ROSE);
      return LEAF;
    },
  },
  {
    name: 'scales',
    draw: (x, y, phase) => {
      const size = 14;
      const row = Math.floor((y + phase * size) / (size / 2));
      const down = y + phase * size - (row * size) / 2;
      const across = x + (row % 2 === 0 ? 0 : size / 2);
      const radius = Math.hypot(across - Math.round(across / size) * size, down);
      return mix(Math.min(1, radius / (size * 0.55)) ** 3, SKY, NIGHT);
    },
  },
  {
    name: 'waves',
    draw: (x, y, phase) => mix(between(wave((y + 5 * wave(x / 34 + phase)) / 11)), SKY, WHITE),
  },
  {
    name: 'stars',
    draw: (x, y, phase) => {
      const radius = Math.hypot(x, y);
      const rays = between(wave(8 * (Math.atan2(y, x) / TURN + phase / 8)));
      return mix(Math.exp(-radius / 6) + rays * Math.exp(-radius / 26), NIGHT, mix(0.4, GOLD, WHITE));
    },
  },
  {
    name: 'bricks',
    draw: (x, y, phase) => {
      const row = Math.floor(y / 9 + phase);
      const mortar = Math.max(wave(y / 9 + phase), wave((x + (row % 2 === 0 ? 0 : 9)) / 18 + phase) * 1.02 - 0.02);
      return mix(Math.max(0, mortar) ** 6, EMBER, WHITE);
    },
  },
  {
    name: 'feathers',
    draw: (x, y, phase) => {
      const side = Math.abs(x + 8 * (phase - 0.5));
      const barbs = between(wave((y + side * 0.9) / 7));
      return side < 1.5 ? WHITE : mix(barbs, side > 12 ? VIOLET : LEAF, GOLD);
    },
  },
];
