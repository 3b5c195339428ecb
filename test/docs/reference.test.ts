// Every function, class and method that the package exports has an example in the reference, and the examples run.
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { findRuntime } from '../../lib/runtime/find/find.js';
import { ARCHIVE, description } from '../catalogue/support/fetchable.js';
import { reportOf } from '../support/bench-report.js';
import { compileExamples, writeExamples } from '../support/doc-examples.js';
import { ExamplesRun } from '../support/examples-run.js';
import { hasFfmpeg, makeFilm } from '../support/films.js';
import { isInstalled, makeCache } from '../support/installed.js';
import { smallModel } from '../support/models.js';
import { copyPackage } from '../support/package-copy.js';
import { SAMPLE } from '../support/pictures.js';
import { hasRedis, TestRedis } from '../support/redis.js';
import { examplesOf, referenceOf } from '../support/reference-examples.js';

const GLOBALS = `
import type { Dreamer as LoadedDreamer } from 'livedream';
import type { Farm as OpenFarm } from 'livedream/farm';

declare global {
  const dreamer: LoadedDreamer;
  const farm: OpenFarm;
}
`;

/** What this machine lacks of what an example needs. */
const LACKING: Readonly<Record<string, boolean>> = {
  // It answers at once where the runtime is; elsewhere it would load down hundreds of megabytes.
  installRuntime: !isInstalled,
  'Farm.film': !hasFfmpeg,
};

const reference = referenceOf();
const examples = examplesOf(reference);
const namesOf = (isFarm: boolean): string[] =>
  examplesOf(reference.filter(({ entry }) => (entry === 'lib/farm/index.ts') === isFarm)).map(({ name }) => name);
const runnable = (names: readonly string[]): string[] => names.filter((name) => !LACKING[name]);

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-reference-'));
const cwd = path.join(folder, 'user');
const home = path.join(folder, 'package');
const program = path.join(home, 'examples/examples-child.mjs');
const server = createServer((_request, response) => response.end(ARCHIVE)).listen(0, '127.0.0.1');
let problems: string;
let environment: NodeJS.ProcessEnv;

async function writePictures(): Promise<void> {
  const small = sharp(SAMPLE).resize(96, 64);
  const frames = ['frame-1.jpg', 'frame-2.jpg', 'frame-3.jpg'];
  for (const name of ['photo.jpg', 'painting.jpg', ...frames]) await small.toFile(path.join(cwd, name));
}

/** The files that examples name. */
async function writeFiles(): Promise<void> {
  mkdirSync(cwd);
  await writePictures();
  copyFileSync(path.join(packageRoot, 'examples/recipes/owl-garden.json'), path.join(cwd, 'garden.json'));
  copyFileSync(smallModel().file, path.join(cwd, 'network.pb'));
  writeFileSync(
    path.join(cwd, 'direction.json'),
    JSON.stringify(Array.from({ length: 496 }, (_, i) => (i === 7 ? 1 : 0))),
  );
  for (const [name, milliseconds] of [
    ['before', 10],
    ['after', 8],
  ] as const) {
    const rounds = Array.from({ length: 7 }, () => [milliseconds, milliseconds]);
    writeFileSync(path.join(cwd, `${name}.json`), JSON.stringify(reportOf([{ rounds }])));
  }
  if (hasFfmpeg) makeFilm(path.join(cwd, 'film.mp4'), { frames: 4 });
}

/** The package as a user has it, but for a model to be fetched that is small, and from here. */
function writePackage(): void {
  copyPackage(home);
  for (const part of ['models/dream', 'assets', 'docs/images/sample.jpg'])
    cpSync(path.join(packageRoot, part), path.join(home, part), { recursive: true });
  mkdirSync(path.join(home, 'models/inception5h'));
  const { port } = server.address() as AddressInfo;
  const described = JSON.stringify(description(`http://127.0.0.1:${port}`));
  writeFileSync(path.join(home, 'models/inception5h/model.json'), described);
}

beforeAll(async () => {
  await writeFiles();
  writePackage();
  const cache = makeCache(path.join(folder, 'cache'));
  environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name))),
    LIVEDREAM_CACHE: cache,
    LIVEDREAM_MODELS: path.join(folder, 'models'),
    LIVEDREAM_COMPILE_CACHE: path.join(folder, 'compiled'),
    LIVEDREAM_TENSORFLOW: (await findRuntime()).library,
    LIVEDREAM_MODEL_MIRROR: '',
  };
  const project = { name: 'reference-examples', globals: GLOBALS, outDir: path.dirname(program) };
  problems = await compileExamples(writeExamples(examples, project));
  copyFileSync(path.join(packageRoot, 'test/support/examples-child.mjs'), program);
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test('every exported function and class has an example, and every method', () => {
  expect(reference.length).toBeGreaterThan(70);
  expect(reference.filter(({ examples: own }) => own.length === 0).map(({ name }) => name)).toEqual([]);
});

test('each is some lines of TypeScript', () => {
  const isBrief = (code: string): boolean => !code.includes('```') && code.split('\n').length <= 10;
  expect(examples.filter(({ code }) => !isBrief(code)).map(({ name }) => name)).toEqual([]);
});

test('all compile', () => {
  expect(problems).toBe('');
});

/** In the order of the exports: a later one reads what an earlier one wrote. */
function runs(names: readonly string[], begin: () => ExamplesRun): void {
  let run: ExamplesRun;
  beforeAll(() => {
    run = begin();
  });
  afterAll(() => run?.kill());
  for (const name of names)
    test.skipIf(LACKING[name])(`${name} runs`, async () => {
      expect(await run.errorOf(name)).toBeUndefined();
    });
  test('they print nothing on stderr, and leave nothing that keeps the process alive', async () => {
    expect(await run.leftOver()).toBe('');
  });
}

describe('of the library and the service', () => {
  const names = namesOf(false);
  runs(names, () => new ExamplesRun(program, { names: runnable(names), farm: false, cwd, env: environment }));
});

describe.skipIf(!hasRedis)('of a farm (redis-server)', () => {
  const names = namesOf(true);
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await TestRedis.start();
  });
  afterAll(() => redis?.[Symbol.asyncDispose]());
  runs(names, () => {
    const env = { ...environment, LIVEDREAM_QUEUE: redis.url };
    return new ExamplesRun(program, { names: runnable(names), farm: true, cwd, env });
  });
});
