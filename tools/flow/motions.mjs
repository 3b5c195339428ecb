// Pictures whose motion is known: a large one seen through a moving camera; and what such motions are good for measuring.

export const WORLD = { width: 900, height: 600 };

export function splineWeights(t) {
  return [
    0.5 * (-(t ** 3) + 2 * t ** 2 - t),
    0.5 * (3 * t ** 3 - 5 * t ** 2 + 2),
    0.5 * (-3 * t ** 3 + 4 * t ** 2 + t),
    0.5 * (t ** 3 - t ** 2),
  ];
}

/** RGB at a place between the world's pixels, as a lens would show it; mirrored beyond the edges. */
function seen(world, x, y, to, at) {
  const mirrored = (place, side) => {
    const period = 2 * (side - 1);
    const inside = ((place % period) + period) % period;
    return Math.min(inside, period - inside);
  };
  const [left, above] = [Math.floor(x), Math.floor(y)];
  const [across, down] = [splineWeights(x - left), splineWeights(y - above)];
  for (let i = 0; i < 4; i += 1) {
    const row = mirrored(above + i - 1, WORLD.height) * WORLD.width;
    for (let j = 0; j < 4; j += 1) {
      const weight = down[i] * across[j];
      const pixel = (row + mirrored(left + j - 1, WORLD.width)) * 3;
      for (let colour = 0; colour < 3; colour += 1) to[at + colour] += weight * world[pixel + colour];
    }
  }
}

/** Where a camera's pixel lies in the world. */
function inWorld({ x: right = 0, y: down = 0, angle = 0, zoom = 1 }, { width, height }, x, y) {
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn) / zoom, Math.sin(turn) / zoom];
  const [across, along] = [x - (width - 1) / 2, y - (height - 1) / 2];
  return [cos * across - sin * along + right + WORLD.width / 2, sin * across + cos * along + down + WORLD.height / 2];
}

/** The camera's pixel that shows a place of the world. */
function inCamera({ x: right = 0, y: down = 0, angle = 0, zoom = 1 }, { width, height }, x, y) {
  const turn = (angle * Math.PI) / 180;
  const [across, along] = [x - right - WORLD.width / 2, y - down - WORLD.height / 2];
  return [
    zoom * (Math.cos(turn) * across + Math.sin(turn) * along) + (width - 1) / 2,
    zoom * (-Math.sin(turn) * across + Math.cos(turn) * along) + (height - 1) / 2,
  ];
}

export function view(world, camera, size) {
  const { width, height } = size;
  const values = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = inWorld(camera, size, x, y);
      seen(world, across, down, values, (y * width + x) * 3);
    }
  }
  return { data: Uint8Array.from(new Uint8ClampedArray(values)), width, height, channels: 3 };
}

export function motionBetween(now, before, size) {
  const { width, height } = size;
  const motion = new Float32Array(width * height * 2);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = inCamera(before, size, ...inWorld(now, size, x, y));
      const inside = across >= 0 && across <= width - 1 && down >= 0 && down <= height - 1;
      motion.set(inside ? [across - x, down - y] : [Number.NaN, Number.NaN], (y * width + x) * 2);
    }
  }
  return motion;
}

/** Of the two layers' frames: how the world is panned, and where the ellipse's centre is. */
const PANS = [
  { x: 0, y: 0 },
  { x: 3, y: 1 },
];
const CENTRES = [
  [210, 180],
  [219, 176],
];

const inEllipse = ([across, down], x, y) => ((x - across) / 90) ** 2 + ((y - down) / 70) ** 2 < 1;

function layersOf(world, size, frame) {
  const shown = view(world, PANS[frame], size);
  const [x, y] = CENTRES[frame];
  const ellipse = view(world, { x: 90 - x, y: 300 - y }, size);
  for (let pixel = 0; pixel < size.width * size.height; pixel += 1) {
    if (!inEllipse(CENTRES[frame], pixel % size.width, Math.floor(pixel / size.width))) continue;
    for (let colour = 0; colour < 3; colour += 1)
      shown.data[pixel * 3 + colour] = 255 - ellipse.data[pixel * 3 + 2 - colour];
  }
  return shown;
}

export function layers(world, size) {
  const motion = motionBetween(PANS[1], PANS[0], size);
  const moved = [CENTRES[0][0] - CENTRES[1][0], CENTRES[0][1] - CENTRES[1][1]];
  for (let pixel = 0; pixel < size.width * size.height; pixel += 1) {
    const [x, y] = [pixel % size.width, Math.floor(pixel / size.width)];
    if (inEllipse(CENTRES[1], x, y)) motion.set(moved, pixel * 2);
    // Behind the ellipse as it was.
    else if (inEllipse(CENTRES[0], x + motion[pixel * 2], y + motion[pixel * 2 + 1]))
      motion.set([Number.NaN, Number.NaN], pixel * 2);
  }
  return { now: layersOf(world, size, 1), before: layersOf(world, size, 0), motion };
}

export function endPointError(found, known) {
  let sum = 0;
  let count = 0;
  for (let at = 0; at < known.length; at += 2) {
    if (Number.isNaN(known[at])) continue;
    sum += Math.hypot(found[at] - known[at], found[at + 1] - known[at + 1]);
    count += 1;
  }
  return sum / count;
}

export function warpedDifference(now, before, motion) {
  const { width, height } = now;
  let sum = 0;
  let count = 0;
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const x = (pixel % width) + motion[2 * pixel];
    const y = Math.floor(pixel / width) + motion[2 * pixel + 1];
    if (!(x >= 1 && y >= 1 && x < width - 2 && y < height - 2)) continue;
    const [left, above] = [Math.floor(x), Math.floor(y)];
    const [across, down] = [splineWeights(x - left), splineWeights(y - above)];
    for (let colour = 0; colour < 3; colour += 1) {
      let value = 0;
      for (let i = 0; i < 4; i += 1) {
        const row = (above + i - 1) * width + left - 1;
        for (let j = 0; j < 4; j += 1) value += down[i] * across[j] * before.data[(row + j) * 3 + colour];
      }
      sum += Math.abs(now.data[pixel * 3 + colour] - value);
      count += 1;
    }
  }
  return sum / count;
}
