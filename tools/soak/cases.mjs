// Dreams that are made again and again in the course of a soak, each of which must give the bytes that it gave first.
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import sharp from 'sharp';
import { Chance } from './chance.mjs';
import { expect } from './judge.mjs';

const EDGE = { feather: 6 };
const MASKS = [
  { ellipse: { x: '50%', y: '40%', radiusX: '30%', radiusY: '25%' }, ...EDGE },
  { rectangle: { left: 8, top: '10%', width: '60%', height: 20 }, invert: true },
];
const MORE = [
  { normalize: 'laplacian' },
  { normalize: 'smooth', sigma: 1.5 },
  { chroma: 3, limit: 60 },
  { keepColour: 'luminance' },
  { keepColour: 'palette', blend: 0.2 },
  { totalVariation: 0.5, l2: 0.5 },
  { tileable: true, tileSize: 512 },
  { jitter: false },
  { depth: 'float32' },
  { keepRange: false },
];

/** What may be dreamed of with each network; `guide` is a picture. */
const OBJECTIVES = {
  small: (guide) => [
    { layer: 'mixed3b' },
    { layer: 'mixed3a', channel: 7 },
    { layer: 'mixed3b_3x3_pre_relu', channels: [1, { channel: 5, weight: -0.5 }] },
    {
      objective: [
        { layer: 'mixed3a', weight: 0.5 },
        { layer: 'mixed3b', channels: [3] },
      ],
    },
    { objective: [{ guide, layer: 'mixed3a' }] },
    { objective: [{ layer: 'mixed3a', direction: Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)) }] },
    { layer: 'mixed3b', equalize: 'channels' },
    { layer: 'mixed3b', equalize: 'positions' },
  ],
  dream: (guide) => [
    {},
    { filter: 'owl' },
    { filter: 'lion' },
    { objective: [{ class: 'rose' }, { class: 'owl', weight: -0.3 }] },
    { objective: [{ guide }] },
    { layer: 'mixed4d', channel: 3 },
  ],
};

/** Noise of a few colours, which compresses badly and dreams well. */
function rawPicture(chance, width, height, channels = 3) {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 31 + chance.whole(0, 60)) % 251);
  return { data, width, height, channels };
}

const digestOf = (data) =>
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');

class Case {
  #digest;

  constructor({ raw, png, file, options }) {
    Object.assign(this, { raw, png, file, options });
  }

  /** The same pixels, given in one of the ways there are. */
  picture(chance) {
    const { raw, png, file } = this;
    return chance.pick([
      () => raw,
      () => png,
      () => file,
      () => new Blob([png]),
      () => Readable.from([png.subarray(0, 100), png.subarray(100)]),
      () => sharp(png),
      () => png.buffer.slice(png.byteOffset, png.byteOffset + png.length),
    ])();
  }

  check({ data, width, height, parameters }) {
    expect(width === this.raw.width && height === this.raw.height, `a dream of ${width} x ${height} pixels`);
    expect(data.length === 3 * width * height, `${data.length} values of ${width} x ${height} pixels`);
    expect(data.every(Number.isFinite), 'values that are no numbers');
    const digest = digestOf(data);
    this.#digest ??= digest;
    expect(digest === this.#digest, `other bytes than the first time: ${JSON.stringify(parameters)}`);
  }
}

/**
 * @param network 'small' or 'dream'
 * @param sides of the pictures, the least and the most
 */
export async function casesOf(seed, network, count, folder, [least, most]) {
  const cases = [];
  for (let at = 0; at < count; at += 1) {
    const chance = new Chance(seed, `${network} case ${at}`);
    const raw = rawPicture(chance, chance.whole(least, most), chance.whole(least, most));
    const png = await sharp(raw.data, { raw }).png().toBuffer();
    const file = path.join(folder, `${network}-${least}-${at}.png`);
    writeFileSync(file, png);
    const objective = chance.pick(OBJECTIVES[network](rawPicture(chance, 64, 48)));
    const options = {
      ...objective,
      octaves: chance.whole(1, 2),
      iterations: chance.whole(1, 4),
      octaveScale: 1.3,
      seed: chance.whole(0, 1000),
      batch: chance.pick([1, 2, 4]),
      tileSize: chance.pick([64, 96, 512]),
      ...chance.pick(MORE),
      ...(chance.happens(0.3) ? { mask: chance.pick(MASKS) } : {}),
    };
    cases.push(new Case({ raw, png, file, options }));
  }
  return cases;
}
