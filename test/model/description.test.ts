import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { checkDescription } from '../../lib/model/description.js';
import { openModel } from '../../lib/model/source.js';
import { smallGraph } from './support/kinds.js';

const UNREADABLE = 'ERR_LIVEDREAM_MODEL_UNREADABLE';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-description-'));
  file = path.join(folder, 'model.json');
  await writeFile(path.join(folder, 'graph.pb'), smallGraph());
});
afterAll(async () => rm(folder, { recursive: true }));

const HASH = 'a'.repeat(64);

/** A description that says where its graph is fetched from, with other fields there. */
function fetching(other: object): object {
  return { sha256: HASH, fetch: { url: 'http://a/b.zip', sha256: HASH, bytes: 1, graph: 'c.pb', ...other } };
}

const WRONG: readonly (readonly [string, unknown, RegExp])[] = [
  ['a list', [], /it must be an object, but is an array of 0/],
  ['nothing', null, /it must be an object, but is null/],
  ['a graph that is a number', { graph: 5 }, /'graph' must be a string, and not empty, but is 5\./],
  ['an empty graph', { graph: '' }, /'graph' must be a string.*but is ""/],
  ['a name that is a number', { name: 7 }, /'name' must be a string.* 7/],
  ['a misspelt field', { filter: {} }, /there is no field 'filter'; did you mean 'filters', 'defaultFilter'\? Give/],
  ['two near fields', { defaultFiler: 'a' }, /no field 'defaultFiler'; did you mean 'defaultFilter'/],
  ['a field like no other', { wonderfulness: 1 }, /no field 'wonderfulness'; it may have name, title/],
  ['a field of Object.prototype', JSON.parse('{"__proto__": {}, "constructor": 1}'), /no field '__proto__'/],
  ['a misspelt field of the preprocessing', { preprocessing: { means: 1 } }, /in 'preprocessing' .*'means'.*'mean'/],
  ['a mean of two', { preprocessing: { mean: [1, 2] } }, /'preprocessing\.mean' must be .*but is \[1, 2\]/],
  ['a mean that is a bigint', { preprocessing: { mean: 5n } }, /'preprocessing\.mean'.*5n/],
  ['an order of colours', { preprocessing: { channelOrder: 'gbr' } }, /channelOrder' must be 'rgb' or 'bgr'.*"gbr"/],
  ['a filter that is a name', { filters: { a: 'b' } }, /filter 'a' must be an object, but is "b"/],
  [
    'a misspelt field of a filter',
    { filters: { a: { layr: 'b' } } },
    /in filter 'a' there is no field 'layr'.*'layer'/,
  ],
  ['a filter without a layer', { filters: { a: { channel: 1 } } }, /filter 'a' must name a layer.*undefined/],
  [
    'a misspelt weight',
    { filters: { a: { layer: 'b', channels: [{ channel: 1, wieght: 2 }] } } },
    /in filter 'a': Option 'channels\[0\]\.wieght'.*did you mean 'weight'/,
  ],
  [
    'a misspelt option of a filter',
    { filters: { a: { layer: 'b', options: { octave: 1 } } } },
    /'options' of filter 'a': Option 'octave'.*'octaves'/,
  ],
  ['a misspelt default', { defaultOptions: { steps: 1 } }, /in 'defaultOptions': Option 'steps'.*'step'/],
  ['a fetch that is an address', { fetch: 'http://a/b.zip' }, /'fetch' must be an object, but is "http/],
  ['a misspelt field of the fetch', fetching({ sha265: 'a' }), /in 'fetch' there is no field 'sha265'.*'sha256'/],
  [
    'a fetch without an address',
    fetching({ url: undefined }),
    /'fetch\.url' must be the http: .*\.zip file, but is undef/,
  ],
  ['a fetch of another scheme', fetching({ url: 'ftp://a/b.zip' }), /'fetch\.url' must be .*"ftp:/],
  ['a fetch of no archive', fetching({ url: 'http://a/b.pb' }), /'fetch\.url' must be .*"http:\/\/a\/b\.pb"/],
  ['a fetch with half a hash', fetching({ sha256: 'abc' }), /'fetch\.sha256' must be .*64 hexadecimal.*"abc"/],
  ['a fetch of half a byte', fetching({ bytes: 0.5 }), /'fetch\.bytes' must be a whole number .* 0\.5/],
  ['a fetch without the graph', fetching({ graph: '' }), /'fetch\.graph' must be the path .*but is ""/],
  ['labels without their hash', fetching({ labels: 'a' }), /'fetch\.labels' needs 'fetch\.labelsSha256'/],
  ['a hash of no labels', fetching({ labelsSha256: HASH }), /'fetch\.labelsSha256' needs 'fetch\.labels'/],
  [
    'a fetch whose graph has no hash',
    { ...fetching({}), sha256: undefined },
    /must have 'sha256', .* but has undefined/,
  ],
  ['a hash that is none', { sha256: 'abc' }, /'sha256' must be 64 hexadecimal digits, but is "abc"/],
  ['a size of half a byte', { bytes: 0.5 }, /'bytes' must be a whole number above 0, but is 0\.5/],
  ['layers that are an object', { layers: {} }, /'layers' must be a list of layers/],
  ['a layer that is a name', { layers: ['a'] }, /'layers\[0\]' must be an object, but is "a"/],
  [
    'a layer without its stride',
    { layers: [{ name: 'a', channels: 1, leastSize: 1 }] },
    /'layers\[0\]\.stride' must be a number above 0, but is undefined/,
  ],
  [
    'a misspelt field of a layer',
    { layers: [{ name: 'a', channel: 1, stride: 1, leastSize: 1 }] },
    /in 'layers\[0\]' there is no field 'channel'; did you mean 'channels'/,
  ],
  ['a nameless channel', { channelNames: { a: ['b', ''] } }, /'channelNames\.a\[1\]' must be a name, but is ""/],
];

describe('a description', () => {
  for (const [what, value, says] of WRONG) {
    test(`with ${what} is refused`, () => {
      const check = (): unknown => checkDescription(value, 'of a test');
      expect(check).toThrow(expect.objectContaining({ code: UNREADABLE }));
      expect(check).toThrow(says);
    });
  }

  test('may have everything that it can have', async () => {
    const own = JSON.parse(await readFile(path.join(packageRoot, 'models/dream/model.json'), 'utf8')) as object;
    expect(checkDescription(fetching({ labels: 'd.txt', labelsSha256: HASH }), '')).toMatchObject({ sha256: HASH });
    expect(checkDescription({ ...own, $schema: 'x', notes: ['for people'] }, '')).toMatchObject(own);
    const guide = await readFile(path.join(packageRoot, 'docs/models.md'), 'utf8');
    const example = /```json\n([\s\S]+?)```/.exec(guide)?.[1] ?? '';
    expect(checkDescription(JSON.parse(example), 'of docs/models.md')).toMatchObject({ name: 'my-net' });
  });
});

describe('a model.json', () => {
  test('may begin with a byte order mark', async () => {
    await writeFile(file, '\uFEFF{ "name": "marked" }');
    expect(await openModel(folder)).toMatchObject({ name: 'marked' });
  });

  test('whose graph is no text is refused by its field', async () => {
    await writeFile(file, '{ "graph": 5 }');
    await expect(openModel(folder)).rejects.toMatchObject({
      code: UNREADABLE,
      message: expect.stringMatching(/model\.json': 'graph' must be a string, and not empty, but is 5/),
    });
  });

  test.runIf(process.getuid?.() === 0)('that we may not read is refused (tried as another user)', async () => {
    await writeFile(file, '{}');
    await chmod(file, 0o600);
    await chmod(folder, 0o755);
    process.seteuid?.(65_534);
    try {
      await expect(openModel(folder)).rejects.toMatchObject({
        code: UNREADABLE,
        message: expect.stringMatching(/model\.json' cannot be read: EACCES/),
      });
    } finally {
      process.seteuid?.(0);
    }
  });
});
