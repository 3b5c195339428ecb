import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Compiled, dreamWith, useCompileCache } from './support.js';

const cache = useCompileCache();

let filled: string;
let cold: Compiled;
beforeAll(async () => {
  filled = mkdtempSync(path.join(tmpdir(), 'livedream-filled-'));
  cold = await dreamWith(filled);
});
afterAll(() => rmSync(filled, { recursive: true }));

/** Fills the test's cache with the one entry of that dream. */
function fill(): string {
  cpSync(filled, cache.folder, { recursive: true });
  const [file = ''] = cache.files();
  return file;
}

function fingerprint(file: string): string {
  return `${createHash('sha256').update(readFileSync(file)).digest('hex')} ${statSync(file).mode.toString(8)}`;
}

/** FNV-1a, as native/cache/entry_file.cc has it: a forger's. */
function hashOf(bytes: Buffer): string {
  let hash = 14695981039346656037n;
  for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 1099511628211n) & (2n ** 64n - 1n);
  return hash.toString(16).padStart(16, '0');
}

/** An entry's lines (format, hash, machine, name, description) and its payload. */
function taken(file: string): { lines: string[]; payload: Buffer } {
  let bytes = readFileSync(file);
  const lines = Array.from({ length: 5 }, () => {
    const end = bytes.indexOf('\n');
    const line = bytes.subarray(0, end).toString();
    bytes = bytes.subarray(end + 1);
    return line;
  });
  return { lines, payload: bytes };
}

function put(file: string, lines: readonly string[], payload: Buffer): void {
  const [format = '', , ...text] = lines;
  const content = Buffer.concat([Buffer.from(`${text.join('\n')}\n`), payload]);
  writeFileSync(file, Buffer.concat([Buffer.from(`${format}\n${hashOf(content)}\n`), content]));
}

function flip(file: string, at: (size: number) => number): void {
  const bytes = readFileSync(file);
  const place = at(bytes.length);
  bytes[place] = (bytes[place] as number) ^ 1;
  writeFileSync(file, bytes);
}

const DAMAGES: Readonly<Record<string, (file: string) => void>> = {
  'with a bit changed in its machine code': (file) => flip(file, (size) => size - 20_000),
  'with a bit changed in its first line': (file) => flip(file, () => 3),
  'cut off': (file) => truncateSync(file, Math.floor(statSync(file).size / 2)),
  'cut off in its first lines': (file) => truncateSync(file, 40),
  empty: (file) => truncateSync(file, 0),
  'longer than it was': (file) => writeFileSync(file, 'x', { flag: 'a' }),
  'of another machine': (file) => {
    const { lines, payload } = taken(file);
    put(file, lines.with(2, `${lines[2]}-other`), payload);
  },
  'of another program': (file) => {
    const { lines, payload } = taken(file);
    put(file, lines.with(3, `${lines[3]}-other`), payload);
  },
  'whole, of nothing that was compiled': (file) => put(file, taken(file).lines, Buffer.from('nothing')),
  'whole, with a program that TensorFlow does not take': (file) => {
    const { lines, payload } = taken(file);
    put(file, lines, Buffer.concat([payload.subarray(0, 400), Buffer.alloc(5000)]));
  },
  'that others may write to': (file) => chmodSync(file, 0o666),
};

describe('an entry', () => {
  test('that is whole is used', async () => {
    fill();
    expect(await cache.dream()).toMatchObject({ compilations: 0, compilationsFromCache: 1, sha256: cold.sha256 });
  });

  test.each(Object.entries(DAMAGES))('%s is dropped, and its program compiled anew', async (_, damage) => {
    const file = fill();
    damage(file);
    const damaged = fingerprint(file);
    expect(await cache.dream()).toMatchObject({ compilations: 1, compilationsFromCache: 0, sha256: cold.sha256 });
    const kept = cache.files().map(fingerprint);
    expect(kept).toHaveLength(1);
    expect(kept).not.toContain(damaged);
  });
});

test.skipIf(process.platform === 'win32')('a pipe in the place of an entry is not waited for', async () => {
  const file = fill();
  rmSync(file);
  execFileSync('mkfifo', [file]);
  expect(await cache.dream()).toMatchObject({ compilations: 1, sha256: cold.sha256 });
  expect(statSync(file).isFile()).toBe(true);
});

describe('a folder', () => {
  test('that cannot be made costs nothing but the cache', async () => {
    const file = path.join(cache.folder, 'file');
    writeFileSync(file, '');
    const env = { LIVEDREAM_COMPILE_CACHE: path.join(file, 'below') };
    expect(await cache.dream({ env })).toMatchObject({ compilations: 1, compilationsFromCache: 0 });
  });

  test('in the place of an entry costs nothing but the entry', async () => {
    const file = fill();
    renameSync(file, `${file}.aside`);
    mkdirSync(file);
    writeFileSync(path.join(file, 'not empty'), '');
    expect(await cache.dream()).toMatchObject({ compilations: 1, sha256: cold.sha256 });
  });
});

describe('the limit', () => {
  test('evicts what was used longest ago', async () => {
    const first = fill();
    await cache.dream({ size: [80, 48] });
    const [second = ''] = cache.files().filter((file) => file !== first);
    utimesSync(first, new Date(2020, 1), new Date(2020, 1));
    utimesSync(second, new Date(2021, 1), new Date(2021, 1));
    // Used again, the first is no longer the one to go.
    await cache.dream();
    const room = String(Math.floor(statSync(first).size * 2.5));
    await cache.dream({ size: [96, 48], env: { LIVEDREAM_COMPILE_CACHE_LIMIT: room } });
    expect(cache.files()).toHaveLength(2);
    expect(cache.files()).toContain(first);
    expect(cache.files()).not.toContain(second);
  });

  test('holds when a process begins, too, and removes what another left half-written', async () => {
    const left = path.join(path.dirname(fill()), 'left.1.0.tmp');
    writeFileSync(left, 'half');
    utimesSync(left, new Date(2020, 1), new Date(2020, 1));
    await cache.dream({ env: { LIVEDREAM_COMPILE_CACHE_LIMIT: '0' } });
    expect(cache.files()).toEqual([]);
    expect(() => statSync(left)).toThrow('ENOENT');
  });
});
