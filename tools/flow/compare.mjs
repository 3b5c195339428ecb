// The optical flow of streams against OpenCV's DIS, medium, on pairs of known motion: mean end-point errors in pixels where what is
// seen was to be seen before.
// node tools/flow/compare.mjs [--python PYTHON with opencv-python-headless and numpy] [--image FILE]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { opticalFlow } from '../../dist/esm/index.js';
import { layers, motionBetween, view, WORLD } from './motions.mjs';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    image: { type: 'string', default: 'docs/images/sample.jpg' },
  },
});
const size = { width: 480, height: 360 };
const CAMERAS = {
  pan: { x: 5, y: 2 },
  'fast-pan': { x: 31, y: 9 },
  rotation: { angle: 2 },
  'fast-rotation': { angle: 5 },
  zoom: { zoom: 1.04 },
};

const pixels = await sharp(values.image)
  .resize(WORLD.width, WORLD.height, { fit: 'fill' })
  .toColourspace('srgb')
  .removeAlpha()
  .raw()
  .toBuffer();
const world = Float32Array.from(pixels);
const pairs = Object.fromEntries(
  Object.entries(CAMERAS).map(([name, camera]) => [
    name,
    { now: view(world, camera, size), before: view(world, {}, size), motion: motionBetween(camera, {}, size) },
  ]),
);
pairs.layers = layers(world, size);

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-flow-'));
try {
  for (const [name, { now, before, motion }] of Object.entries(pairs)) {
    const found = await opticalFlow(now, before);
    const parts = { now: now.data, before: before.data, known: motion, found: found.motion };
    for (const [part, data] of Object.entries(parts)) writeFileSync(path.join(folder, `${name}-${part}.raw`), data);
  }
  writeFileSync(path.join(folder, 'pairs.json'), JSON.stringify({ ...size, names: Object.keys(pairs) }));
  const script = path.join(import.meta.dirname, 'compare.py');
  process.exitCode = spawnSync(values.python, [script, folder], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(folder, { recursive: true });
}
