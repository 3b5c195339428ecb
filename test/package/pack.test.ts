import { readdirSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { type Packed, packedTarball } from './support/packed.js';

let packed: Packed;
let names: string[];
beforeAll(async () => {
  packed = await packedTarball();
  names = packed.files.map((file) => file.path);
}, 600_000);

/** Everything that may be in the tarball, and no more. Maps are a fifth of it, and what is compiled reads as it was written. Where a binding.gyp is, pnpm and Yarn run node-gyp, whatever package.json says. */
const ALLOWED = [
  /^(package\.json|LICENSE|README\.md|SECURITY\.md|CMakeLists\.txt|package-root\.(cjs|d\.cts))$/,
  /^dist\/(esm|cjs)\/([\w-]+\/)*[\w-]+\.(js|d\.ts)$/,
  /^dist\/cjs\/package\.json$/,
  /^dist\/page\/[\w-]+\.(js|css|html|svg)$/,
  /^prebuilds\/[a-z0-9]+-[a-z0-9]+\/livedream(\.glibc)?\.node$/,
  /^native\/[a-z]+\/\w+\.(cc|h)$/,
  /^native\/\w+\.h$/,
  /^native\/vendor\/([\w.-]+\.h|node-a(ddon-api|pi-headers)\.LICENSE(\.md)?)$/,
  /^models\/(dream\/(graph\.pb|model\.json|README\.md|NOTICE)|inception5h\/model\.json|model\.schema\.json)$/,
  /^schema\/recipe\.schema\.json$/,
  /^assets\/(RobotoCondensed-Medium\.ttf|OFL\.txt|fonts\.conf|README\.md)$/,
  /^docs\/images\/sample\.jpg$/,
];

test('the tarball holds what it should, and nothing else', () => {
  expect(names.filter((name) => !ALLOWED.some((pattern) => pattern.test(name)))).toEqual([]);
  const unused = ALLOWED.filter((pattern) => !names.some((name) => pattern.test(name)));
  expect(unused).toEqual([]);
  const model = ['graph.pb', 'model.json', 'README.md', 'NOTICE'].map((name) => `models/dream/${name}`);
  expect(names).toEqual(expect.arrayContaining(model));
});

/** Of the page's modules, which go to dist/page for browsers, those that the service uses too. */
const SERVICES = ['page/facts', 'page/xmp'];

test('every module is there for ESM and CommonJS, with its types, and none that is no longer', () => {
  const modules = readdirSync(path.join(packageRoot, 'lib'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => name.replace(/\.ts$/, ''))
    .filter((name) => !name.startsWith('page/') || SERVICES.includes(name));
  const expected = (which: readonly string[], folder: string): string[] =>
    which.flatMap((name) => ['d.ts', 'js'].map((type) => `dist/${folder}/${name}.${type}`));
  const packedIn = (folder: string): string[] =>
    names.filter((name) => name.startsWith(`dist/${folder}/`) && !name.endsWith('/package.json'));
  expect(packedIn('esm').sort()).toEqual(expected(modules, 'esm').sort());
  const library = modules.filter((name) => !name.startsWith('cli/'));
  expect(packedIn('cjs').sort()).toEqual(expected(library, 'cjs').sort());
});

test('all sources of the addon are there, and the headers that they include', () => {
  const sources = readdirSync(path.join(packageRoot, 'native'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(cc|h)$/.test(name) && !name.startsWith('vendor'))
    .map((name) => `native/${name}`);
  const native = names.filter((name) => name.startsWith('native/') && !name.startsWith('native/vendor/'));
  expect(native.sort()).toEqual(sources.sort());
  for (const header of ['napi.h', 'node_api.h', 'js_native_api.h']) expect(names).toContain(`native/vendor/${header}`);
});

test('one prebuilt addon, for this platform, stripped', () => {
  const addons = packed.files.filter((file) => file.path.startsWith('prebuilds/'));
  const libc = process.platform === 'linux' ? '.glibc' : '';
  expect(addons.map((file) => file.path)).toEqual([
    `prebuilds/${process.platform}-${process.arch}/livedream${libc}.node`,
  ]);
  const [addon] = addons;
  console.info(`the addon, stripped: ${addon?.size} bytes`);
  expect(addon?.size).toBeLessThan(2.5e6);
});

test('it stays below 6.5 MB', () => {
  console.info(`npm pack: ${packed.size} bytes, unpacked ${packed.unpackedSize}`);
  expect(packed.size).toBeLessThan(6.5e6);
});
