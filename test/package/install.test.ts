// The packed tarball, installed in empty folders as users do it: on a machine without compilers, from a path with spaces and
// letters beyond ASCII, by three package managers, with install scripts and without. All that dreams there makes one picture.
import { cp, mkdir, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { emptyFolder, type Installer, npm, pnpm, programOf, yarn } from './support/installers.js';
import { packedTarball, run } from './support/packed.js';
import { canMount, programInReadOnly } from './support/read-only.js';

/** Seconds where nothing else runs. */
const TIMEOUT = 600_000;
const CONSUMER = path.join(import.meta.dirname, 'consumer');
let tarball: string;
/** Where npm installed it without scripts; what is no matter of installers is tried there. */
let folder: string;
let expected: string;

async function consumerFolder(): Promise<string> {
  const made = await emptyFolder();
  await cp(CONSUMER, made, { recursive: true });
  return made;
}

beforeAll(async () => {
  ({ tarball } = await packedTarball());
  folder = await consumerFolder();
  await npm.install(folder, tarball, false);
  expected = await npm.dream(folder, 'dream.mjs');
}, TIMEOUT);
afterAll(() => rm(folder, { recursive: true, force: true }));

test('installed by npm without install scripts it dreams from ESM', () => expect(expected).toMatch(/^[0-9a-f]{64}$/));

test('and from CommonJS', async () => expect(await npm.dream(folder, 'dream.cjs')).toBe(expected), TIMEOUT);

test('and in a worker thread', async () => expect(await npm.dream(folder, 'worker.mjs')).toBe(expected), TIMEOUT);

test(
  'its command line finds the prebuilt addon and TensorFlow',
  async () => {
    const args = ['node_modules/livedream/dist/esm/cli/main.js', 'doctor'];
    expect(await programOf(folder, args)).toMatch(/ok {2}addon +.*prebuilds.*\n[\s\S]*Ready to dream\./);
  },
  TIMEOUT,
);

test.runIf(canMount)(
  'and dreams from a file system that cannot be written to (needs unshare --mount)',
  async () => {
    await expect(programInReadOnly(folder, ['touch', 'new'])).rejects.toThrow(/Read-only/);
    expect(await programInReadOnly(folder, [process.execPath, 'dream.mjs'])).toBe(expected);
  },
  TIMEOUT,
);

const OTHERS: readonly [Installer, boolean][] = [
  [npm, true],
  [pnpm, false],
  [pnpm, true],
  [yarn, false],
  [yarn, true],
];
// Side by side: most of it waits for the registry.
for (const [installer, scripts] of OTHERS)
  test.concurrent(
    `installed by ${installer.name} ${scripts ? 'with' : 'without'} install scripts it dreams`,
    async () => {
      const other = await consumerFolder();
      try {
        await installer.install(other, tarball, scripts);
        expect(await installer.dream(other, 'dream.mjs')).toBe(expected);
      } finally {
        await rm(other, { recursive: true, force: true });
      }
    },
    TIMEOUT,
  );

/** Of a user's TypeScript: what is compiled, by which resolution, to what, if that can be run. */
const COMPILED = [
  { module: 'nodenext', resolution: 'nodenext', source: 'mts', made: 'mjs' },
  { module: 'nodenext', resolution: 'nodenext', source: 'cts', made: 'cjs' },
  { module: 'node16', resolution: 'node16', source: 'mts', made: 'mjs' },
  { module: 'node16', resolution: 'node16', source: 'cts', made: 'cjs' },
  { module: 'esnext', resolution: 'bundler', source: 'ts', made: undefined },
] as const;

test.concurrent.each(COMPILED)(
  'from TypeScript: .$source by moduleResolution $resolution; what must not compile does not',
  async ({ module, resolution, source, made }) => {
    const project = path.join(folder, `${resolution}-${source}`);
    await mkdir(project);
    for (const name of ['dream', 'types'])
      await cp(path.join(CONSUMER, `${name}.ts`), path.join(project, `${name}.${source}`));
    await mkdir(path.join(folder, 'node_modules/@types'), { recursive: true });
    const nodeTypes = path.join(folder, 'node_modules/@types/node');
    await symlink(path.join(packageRoot, 'node_modules/@types/node'), nodeTypes).catch(() => undefined);
    const flags = ['--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--types', 'node'];
    const how = ['--module', module, '--moduleResolution', resolution, '--outDir', 'out'];
    const files = [`dream.${source}`, `types.${source}`];
    const tsc = path.join(packageRoot, 'node_modules/typescript/bin/tsc');
    const compiled = await run(process.execPath, [tsc, ...flags, ...how, ...files], { cwd: project }).catch(
      (failed: { stdout: string }) => failed,
    );
    expect(compiled.stdout).toBe('');
    if (made) expect(await npm.dream(project, `out/dream.${made}`)).toBe(expected);
  },
  TIMEOUT,
);

const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
const BUNDLED: Record<string, BuildOptions & { entry: string; outfile: string }> = {
  'ESM, with the package outside': {
    entry: 'dream.mjs',
    outfile: 'out/apart.mjs',
    format: 'esm',
    external: ['livedream'],
  },
  'ESM, with its addon and sharp outside': {
    entry: 'dream.mjs',
    outfile: 'out/whole.mjs',
    format: 'esm',
    external: ['sharp'],
    banner: { js: REQUIRE },
  },
  'CommonJS, with its addon and sharp outside': {
    entry: 'dream.cjs',
    outfile: 'out/whole.cjs',
    format: 'cjs',
    external: ['sharp'],
  },
};

test.each(Object.keys(BUNDLED))(
  'bundled by esbuild as %s',
  async (name) => {
    const { entry, outfile, ...options } = BUNDLED[name] as (typeof BUNDLED)[string];
    const files = { entryPoints: [path.join(folder, entry)], outfile: path.join(folder, outfile) };
    await build({ ...options, ...files, bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' });
    expect(await npm.dream(folder, outfile)).toBe(expected);
  },
  TIMEOUT,
);
