import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import packageRoot from '#package-root';
import { byRoom, table, verdict } from '../../tools/coverage/figures.mjs';
import { coverageOfBuilt } from '../../tools/coverage/v8.mjs';

describe('the figures', () => {
  const files = [
    { file: 'lib/dream.ts', lines: 10, covered: 10 },
    { file: 'lib/cli/main.ts', lines: 20, covered: 5 },
    { file: 'lib/cli/bench/chart.ts', lines: 20, covered: 20 },
  ];

  it('are of the folders right below, and of all by their lines', () => {
    const { rooms, all } = byRoom(files);
    expect([...rooms]).toEqual([
      ['lib', { lines: 10, covered: 10 }],
      ['lib/cli', { lines: 40, covered: 25 }],
    ]);
    expect(all).toEqual({ lines: 50, covered: 35 });
    expect(table({ rooms, all })).toContain('| `lib/cli` | 40 | 62.5 % |');
  });

  it('are not rounded up to the bound', () => {
    const all = { lines: 10_000, covered: 8_999 };
    expect(verdict('lib/', { rooms: new Map(), all }, 90)).toEqual({
      line: 'line coverage of lib/: 89.9 % of 10000 lines, less than 90 %',
      enough: false,
    });
    expect(verdict('lib/', { rooms: new Map(), all: { ...all, covered: 9_000 } }, 90).enough).toBe(true);
  });
});

describe('what V8 counted in a process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'livedream-counts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const source = readFileSync(path.join(packageRoot, 'lib/bell.ts'), 'utf8').split('\n');
  const lineOf = (text: string): number => source.findIndex((line) => line.includes(text)) + 1;

  /** Of the lines of lib/bell.ts, how often each ran. */
  async function bell(): Promise<Readonly<Record<number, number>> | undefined> {
    const { coverageMap } = await coverageOfBuilt(folder, folder);
    const file = coverageMap.files().find((each) => each === path.join(packageRoot, 'lib/bell.ts'));
    return file === undefined ? undefined : coverageMap.fileCoverageFor(file).getLineCoverage();
  }

  function run(code: string, ...options: string[]): void {
    execFileSync(process.execPath, [...options, '--eval', code], { env: { ...process.env, NODE_V8_COVERAGE: folder } });
  }

  const built = (kind: string): string => path.join(packageRoot, 'dist', kind, 'bell.js');

  it.each([
    [
      'module',
      (code: string) => run(`import { Bell } from '${pathToFileURL(built('esm'))}'; ${code}`, '--input-type=module'),
    ],
    ['CommonJS', (code: string) => run(`const { Bell } = require(${JSON.stringify(built('cjs'))}); ${code}`)],
  ])('is told by the lines of lib/, of a %s', async (_kind, ring) => {
    ring('new Bell().ring(); new Bell().ring();');
    const lines = await bell();
    expect(lines?.[lineOf('const listeners =')]).toBe(2);
    expect(lines?.[lineOf('.push(resolve)')]).toBe(0);
    ring('new Bell().heard();');
    expect((await bell())?.[lineOf('.push(resolve)')]).toBe(1);
  });

  it('is left out where the script is of another package, or of another build', async () => {
    run(`import '${pathToFileURL(built('esm'))}'`, '--input-type=module');
    const [name = ''] = readdirSync(folder);
    const file = path.join(folder, name);
    const text = readFileSync(file, 'utf8');
    expect(await bell()).toBeDefined();
    const here = pathToFileURL(packageRoot).href;
    writeFileSync(file, text.replaceAll(here, 'file:///elsewhere/node_modules/livedream'));
    expect(await bell()).toBeDefined();
    writeFileSync(file, text.replaceAll(here, 'file:///elsewhere/node_modules/another'));
    expect(await bell()).toBeUndefined();
    writeFileSync(file, text.replaceAll('"endOffset":', '"endOffset":1'));
    expect(await bell()).toBeUndefined();
  });
});
