// What is fuzzed of the library in JavaScript: each takes an input, of JSON or of bytes, and answers or throws one of livedream's errors.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { termOf } from '../../dist/esm/cli/term-text.js';
import { decode } from '../../dist/esm/image/decode.js';
import { checkDescription } from '../../dist/esm/model/description.js';
import { textGraphBytes } from '../../dist/esm/model/text-graph.js';
import { readDreamOptions } from '../../dist/esm/options/read-dream.js';
import { readRecipe } from '../../dist/esm/recipe/read.js';
import { readParameters } from '../../dist/esm/replay/read-parameters.js';
import { root } from '../setup/step.mjs';

const MOST_PIXELS = 2 ** 22;
const json = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
const files = (folder) => readdirSync(path.join(root, folder)).map((name) => path.join(folder, name));

/** Small pictures of every format that is read, some with parameters in them, as `livedream` writes them. */
async function pictures() {
  const noise = {
    create: {
      width: 24,
      height: 16,
      channels: 4,
      background: '#48f8',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  };
  const { xmp } = await sharp(path.join(root, 'docs/images/dream.jpg')).metadata();
  const formats = ['png', 'jpeg', 'webp', 'avif', 'tiff', 'gif'];
  const plain = formats.map((format) => sharp(noise).toFormat(format).toBuffer());
  const told = ['png', 'jpeg', 'webp', 'tiff'].map((format) =>
    sharp(noise).toFormat(format).withXmp(xmp.toString()).toBuffer(),
  );
  return Promise.all([...plain, ...told]);
}

/** @type {Record<string, { kind: 'json' | 'bytes', words: string[], seeds: () => Promise<unknown[]> | unknown[], run: (input: any) => unknown }>} */
export const TARGETS = {
  options: {
    kind: 'json',
    words: [
      'layer',
      'channel',
      'channels',
      'filter',
      'objective',
      'weight',
      'guide',
      'class',
      'direction',
      'mask',
      'ellipse',
      'octaves',
      'seed',
      'start',
      'tileSize',
      'keepColour',
      'luminance',
      'normalize',
      '7n',
      '25%',
    ],
    seeds: () => [
      { layer: 'mixed4d', channels: [3, { channel: 'owl', weight: -0.5 }], octaves: 3, iterations: [3, 2, 1], seed: 7 },
      {
        objective: [
          { layer: 'mixed3b', weight: 0.5 },
          { class: 'owl' },
          { filter: 'lion', mask: { ellipse: { x: '50%', y: 3, radiusX: 9, radiusY: '10%' } } },
        ],
      },
      {
        filter: 'owl',
        mask: { rectangle: { left: 0, top: '10%', width: '100%', height: 40 }, feather: 4, invert: true },
        keepColour: 'palette',
        limit: 40,
        blend: 0.2,
      },
      {
        layer: 'a',
        normalize: 'smooth',
        sigma: 1,
        totalVariation: 0.5,
        l2: 1,
        tileable: true,
        precision: 'bfloat16',
        tileSize: 256,
        jitter: false,
      },
    ],
    run: readDreamOptions,
  },
  description: {
    kind: 'json',
    words: [
      'filters',
      'layer',
      'channels',
      'options',
      'preprocessing',
      'mean',
      'scale',
      'channelOrder',
      'feeds',
      'fetch',
      'sha256',
      'layers',
      'bytes',
      'channelNames',
      'defaultOptions',
      'graph',
      'bgr',
    ],
    seeds: () => [
      json('models/dream/model.json'),
      ...files('models')
        .filter((file) => !file.endsWith('.json') && !file.endsWith('dream'))
        .map((file) => json(`${file}/model.json`)),
      { graph: 'net.pb', input: 'x', feeds: { keep: 1 }, preprocessing: { mean: [1, 2, 3], scale: 0.5 } },
    ],
    run: (value) => checkDescription(value, 'fuzzed'),
  },
  recipe: {
    kind: 'json',
    words: [
      'livedream',
      'recipe',
      'options',
      'model',
      'output',
      'format',
      'quality',
      'objective',
      'filter',
      'layer',
      'guide',
      'mask',
      'version',
      'seed',
      'octaves',
    ],
    seeds: () => files('examples/recipes').map(json),
    run: readRecipe,
  },
  term: {
    kind: 'bytes',
    words: [
      ':',
      '*',
      '@',
      ' in ',
      ' not',
      'class:',
      'guide:',
      'filter:',
      '-0.5',
      'ellipse:50%,50%,10%,10%',
      'rectangle:0,0,9,9',
      '17',
      '"',
      ',',
    ],
    seeds: () =>
      ['mixed4d:17*2', 'class:owl in sky.png', 'mixed3b*-0.5', 'filter:lion*2 in ellipse:50%,40%,30%,20% not'].map(
        (text) => Buffer.from(text),
      ),
    run: (bytes) => termOf(bytes.toString()),
  },
  text: {
    kind: 'bytes',
    words: [
      'node {',
      '}',
      'name:',
      'op:',
      'attr',
      'key',
      'value',
      'tensor',
      'float_val',
      '"',
      '\\x',
      '#',
      'DT_FLOAT',
      'list {',
      '-1',
      '1e9',
      'library',
    ],
    seeds: () => [
      Buffer.from(
        'node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } } node { name: "y" op: "Const" attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } } float_val: 1.5 tensor_content: "\\\\001\\\\n" } } } } versions { producer: 1395 } # end',
      ),
    ],
    run: (bytes) => {
      try {
        textGraphBytes(bytes);
      } catch (error) {
        // What reads the file puts its name to it.
        if (!error.message.startsWith('in line ')) throw error;
      }
    },
  },
  picture: {
    kind: 'bytes',
    words: [
      'IHDR',
      'IDAT',
      'tEXt',
      'iTXt',
      'Exif',
      'RIFF',
      'ftyp',
      'http://ns.adobe.com/xap/1.0/',
      'livedream',
      '<rdf:RDF',
      '{"',
      '\\u0000',
    ],
    seeds: pictures,
    run: async (bytes) => {
      const check = ({ width, height }) => {
        if (width * height > MOST_PIXELS)
          throw Object.assign(new Error('too large'), { code: 'ERR_LIVEDREAM_TOO_LARGE' });
      };
      const results = await Promise.allSettled([
        readParameters(bytes),
        decode(bytes, { size: undefined, page: undefined, check }),
      ]);
      const failed =
        results.find(({ reason }) => reason !== undefined && !isExpected(reason)) ??
        results.find(({ reason }) => reason !== undefined);
      if (failed) throw failed.reason;
    },
  },
};

/** Whether an error is one that users are told. */
export function isExpected(error) {
  const { code } = Object(error);
  return typeof code === 'string' && code.startsWith('ERR_LIVEDREAM_') && code !== 'ERR_LIVEDREAM_INTERNAL';
}
