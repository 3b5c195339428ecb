// `livedream models fetch`, and the first use of a model that has to be fetched.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findRuntime } from '../../lib/runtime/find/find.js';
import { ARCHIVE, description, GRAPH, sha256, writeCatalogue } from '../catalogue/support/fetchable.js';
import { answers, gives, type Served, serve } from '../catalogue/support/server.js';
import { copyPackage } from '../support/package-copy.js';
import { SAMPLE } from '../support/pictures.js';

const PART = `downloads/net.zip.${sha256(ARCHIVE).slice(0, 12)}.part`;

let folder: string;
let cli: string;
let cache: string;
/** Of the library that this machine's dreams use, as the tests' cache is another one. */
let tensorflow: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-fetch-'));
  cli = copyPackage(path.join(folder, 'package'));
  writeCatalogue(path.join(folder, 'package/models'), description('http://127.0.0.1:9'));
  copyFileSync(SAMPLE, path.join(folder, 'a.jpg'));
  cache = path.join(folder, 'cache');
  tensorflow = (await findRuntime()).library;
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => rmSync(cache, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function environment(mirror?: Served): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name));
  return {
    ...Object.fromEntries(own),
    LIVEDREAM_CACHE: cache,
    LIVEDREAM_TENSORFLOW: tensorflow,
    ...(mirror ? { LIVEDREAM_MODEL_MIRROR: mirror.origin } : {}),
  };
}

function start(mirror: Served | undefined, args: readonly string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [cli, ...args], {
    cwd: folder,
    env: environment(mirror),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (text) => {
      said[name] += text;
    });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...said }));
  return { child, ended };
}

function livedream(mirror: Served | undefined, ...args: string[]): Promise<Ended> {
  return start(mirror, args).ended;
}

/** What a terminal shows, by util-linux's `script`, to somebody who types this. */
async function onTerminal(mirror: Served, typed: string, ...args: string[]): Promise<Ended> {
  const command = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', command, '/dev/null'], { cwd: folder, env: environment(mirror) });
  let stdout = '';
  let asked = false;
  child.stdout.on('data', (text) => {
    stdout += text;
    if (asked || !stdout.includes('[y/N]')) return;
    asked = true;
    child.stdin.write(typed);
  });
  const [code] = await once(child, 'close');
  return { code: code as number | null, stdout, stderr: '' };
}

describe('livedream models fetch', () => {
  test('prints where the graph is, and says on stderr how far it is', async () => {
    const { code, stdout, stderr } = await livedream(await serve(gives(ARCHIVE)), 'models', 'fetch', 'net');
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${path.join(cache, 'models/net/graph.pb')}\n` });
    expect(stderr).toMatch(/^livedream: downloading net: 0 MiB of \d MiB\n/);
    expect(stderr).toMatch(/livedream: checking net: .*\n.*livedream: unpacking net: /s);
    expect(readFileSync(stdout.trim()).equals(GRAPH)).toBe(true);
  });

  test('prints a line of JSON with --json, and is done at once the second time', async () => {
    const served = await serve(gives(ARCHIVE));
    await livedream(served, 'models', 'fetch', 'net');
    const { code, stdout, stderr } = await livedream(served, 'models', 'fetch', 'net', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ name: 'net', graph: path.join(cache, 'models/net/graph.pb') });
    expect(served.seen).toHaveLength(1);
    await livedream(undefined, 'models', 'fetch', 'net', '--force', '--mirror', served.origin);
    expect(served.seen).toHaveLength(2);
  });

  test.each([
    [
      'of a name that is not known',
      ['other'],
      1,
      /There is no model 'other' to fetch; there is 'net'.*MODEL_UNKNOWN\]\n$/,
    ],
    ['without a name', [], 2, /missing required argument 'name'/],
    ['from a file that is another', ['net', '--from', 'a.jpg'], 1, /'a\.jpg' has \d+ bytes and SHA-256.*CHECKSUM\]\n$/],
    [
      'from two places',
      ['net', '--from', 'a', '--mirror', 'http://b'],
      2,
      /Option 'mirror' must be left out with 'from'/,
    ],
  ])('%s fails', async (_what, args, code, says) => {
    const ended = await livedream(undefined, 'models', 'fetch', ...args);
    expect(ended).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(says) });
  });

  test('of what the server has not says what to do', async () => {
    const { code, stdout, stderr } = await livedream(await serve(answers(404)), 'models', 'fetch', 'net');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/answers 404 Not Found\..*--mirror URL.*--from FILE.*\[ERR_LIVEDREAM_FETCH_REFUSED\]\n$/);
  });

  test.each(['SIGINT', 'SIGKILL'] as const)('goes on after a %s', async (signal) => {
    const slow = await serve(gives(ARCHIVE, { slowly: Math.ceil(ARCHIVE.length / 40) }));
    const { child, ended } = start(slow, ['models', 'fetch', 'net']);
    const part = path.join(cache, PART);
    await expect.poll(() => existsSync(part) && readFileSync(part).length, { timeout: 10_000 }).toBeGreaterThan(0);
    child.kill(signal);
    const { code, stderr } = await ended;
    const kept = readFileSync(part).length;
    expect(kept).toBeLessThan(ARCHIVE.length);
    if (signal === 'SIGINT') {
      expect(code).toBe(130);
      const said =
        /livedream: 0\.\d MB of 'net' are kept; `livedream models fetch net` goes on from there\nlivedream: cancelled\n$/;
      expect(stderr).toMatch(said);
    }
    const served = await serve(gives(ARCHIVE));
    expect(await livedream(served, 'models', 'fetch', 'net')).toMatchObject({ code: 0 });
    expect(served.seen[0]?.headers.range).toBe(`bytes=${kept}-`);
    expect(served.sent).toBe(ARCHIVE.length - kept);
  });
});

describe('the first use of a model', () => {
  const USES = [
    ['layers', ['layers', '--model', 'net']],
    ['dream', ['dream', 'a.jpg', '--model', 'net', '--size', '100', '--octaves', '1', '--iterations', '1']],
  ] as const;

  for (const [name, args] of USES) {
    test(`by ${name} says what to run, and downloads nothing`, async () => {
      const served = await serve(gives(ARCHIVE));
      const { code, stdout, stderr } = await livedream(served, ...args);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(
        /'net' \(A network for tests\): 0\.\d MB from http.*licence Apache-2\.0.*models fetch net/,
      );
      expect(served.seen).toEqual([]);
    });

    test(`by ${name} --yes downloads it, and keeps stdout clean`, async () => {
      const { code, stdout, stderr } = await livedream(await serve(gives(ARCHIVE)), ...args, '--yes');
      expect({ code, stderr }).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(
          /^livedream: downloading 'net' .*licence Apache-2\.0\nlivedream: downloading net: 0/,
        ),
      });
      expect(stdout).toMatch(name === 'layers' ? /^LAYER .*\n/ : /^a-dream\.png\n$/);
    });
  }

  describe.skipIf(process.platform !== 'linux')('on a terminal', () => {
    test('asks, and goes on after a yes', async () => {
      const served = await serve(gives(ARCHIVE));
      const { code, stdout } = await onTerminal(served, 'y\r', ...USES[0][1]);
      expect(stdout).toMatch(
        /the model has to be downloaded first, 'net' \(A network for tests\): .*licence Apache-2\.0/,
      );
      expect(stdout).toMatch(/Download it\? \[y\/N\] .*LAYER/s);
      expect(code).toBe(0);
      expect(served.seen).toHaveLength(1);
    });

    test.each([
      ['Enter', '\r', 1, 'ERR_LIVEDREAM_MODEL_NOT_FETCHED'],
      ['a no', 'n\r', 1, 'ERR_LIVEDREAM_MODEL_NOT_FETCHED'],
      ['the end of input', '\u0004', 1, 'ERR_LIVEDREAM_MODEL_NOT_FETCHED'],
      ['Ctrl-C', '\u0003', 130, 'livedream: cancelled'],
    ])('takes %s for a no', async (_what, typed, code, says) => {
      const served = await serve(gives(ARCHIVE));
      const ended = await onTerminal(served, typed, ...USES[0][1]);
      expect(ended).toMatchObject({ code, stdout: expect.stringContaining(says) });
      expect(served.seen).toEqual([]);
    });
  });
});
