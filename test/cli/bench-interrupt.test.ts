// Ctrl-C ends a benchmark with what was measured so far.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BenchReport } from '../../lib/bench/report.js';
import { cli } from '../support/cli.js';
import { smallModel } from '../support/models.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'livedream-bench-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const MODEL = ['--model', smallModel().file, '--layer', 'mixed3b_3x3_pre_relu', '--channel', '5'];
const QUICK = ['--size', '96x64', '--octaves', '1', '--iterations', '1', '--xla', 'false', '--device', 'cpu'];
const FOREVER = ['--rounds', '1000', '--most-rounds', '1000'];
const FILES = ['--json', 'a.json', '--csv', 'a.csv', '--plot', 'a.png'];

/** On a terminal, by util-linux's `script`: Ctrl-C as a key, when `until` was shown. */
async function interrupted(args: readonly string[], until: string): Promise<{ code: number; shown: string }> {
  const command = [process.execPath, cli, 'bench', ...args].map((word) => `'${word}'`).join(' ');
  const child = spawn('script', ['-qec', `stty cols 130 rows 40 && exec ${command}`, '/dev/null'], { cwd });
  let shown = '';
  let pressed = false;
  child.stdout.on('data', (text) => {
    shown += text;
    if (pressed || !shown.includes(until)) return;
    pressed = true;
    child.stdin.write('\x03');
  });
  const [code] = (await once(child, 'close')) as [number];
  return { code, shown };
}

describe.skipIf(process.platform !== 'linux')('Ctrl-C', () => {
  test('prints what was measured so far, and keeps the files', async () => {
    const { code, shown } = await interrupted([...MODEL, ...QUICK, ...FOREVER, ...FILES], 'round 3 of 1000');
    expect(code).toBe(130);
    // The table that grew, and the last one, after which nothing is rubbed out.
    expect(shown).toContain('round 1 of 1000');
    const end = shown.slice(shown.lastIndexOf('rounds, not finished'));
    expect(end).toMatch(/^ordinary .* frames|^ordinary +[\d.]+ m?s/m);
    expect(end).toContain('livedream: cancelled');
    expect((await readdir(cwd)).sort()).toEqual(['a.csv', 'a.json', 'a.png']);
    const report = JSON.parse(await readFile(path.join(cwd, 'a.json'), 'utf8')) as BenchReport;
    expect(report).toMatchObject({ complete: false });
    expect(report.rounds).toBeGreaterThanOrEqual(2);
    expect(report.results.map(({ steady }) => (steady?.median ?? 0) > 0)).toEqual([true]);
    expect((await readFile(path.join(cwd, 'a.csv'), 'utf8')).trim().split('\n')).toHaveLength(2);
    expect(await sharp(path.join(cwd, 'a.png')).metadata()).toMatchObject({ format: 'png' });
  });

  test('before anything was measured leaves older files as they are', async () => {
    await writeFile(path.join(cwd, 'a.json'), 'older');
    const { code, shown } = await interrupted([...MODEL, ...QUICK, ...FOREVER, ...FILES], 'looking at the network');
    expect(code).toBe(130);
    expect(shown).toContain('livedream: cancelled');
    expect(shown).not.toContain('Its process');
    expect(await readdir(cwd)).toEqual(['a.json']);
    expect(await readFile(path.join(cwd, 'a.json'), 'utf8')).toBe('older');
  });
});
