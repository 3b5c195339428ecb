import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { TraceFile } from '../../lib/profile/trace-events.js';
import { cli, livedreamIn } from '../support/cli.js';
import { SAMPLE } from '../support/pictures.js';

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
afterAll(() => rmSync(folder, { recursive: true }));
const small = ['--size', '64', '--octaves', '1', '--iterations', '2'];

describe.skipIf(!existsSync(cli))('dream --profile', () => {
  test('writes a trace beside the dream, and tells what took most on stderr', async () => {
    const args = ['dream', SAMPLE, '-o', 'dream.png', '--profile', 'trace.json', ...small];
    const { code, stdout, stderr } = await livedreamIn({ cwd: folder }, ...args);
    expect({ code, stdout: stdout.toString() }).toEqual({ code: 0, stdout: 'dream.png\n' });
    expect(stderr).toMatch(/^profile: 2 steps in \d+\.\d ms, by operation/m);
    expect(stderr).toMatch(/^(\w+) +\d+ +\d+\.\d +\d+\.\d %$/m);
    const trace = JSON.parse(readFileSync(path.join(folder, 'trace.json'), 'utf8')) as TraceFile;
    expect(trace.otherData['steps']).toBe(2);
    expect(trace.traceEvents.filter(({ ph }) => ph === 'X').length).toBeGreaterThan(100);
  });

  test.each([
    ['several pictures', [SAMPLE, SAMPLE], [], 2, /'profile'.*left out where several pictures/],
    ['XLA', [SAMPLE], ['--xla', 'true'], 2, /'profile'.*left out with XLA/],
    ['a folder that is not there', [SAMPLE], ['--profile', 'nowhere/trace.json'], 1, /nowhere/],
    ["the dream's own file", [SAMPLE], ['--profile', 'same.png'], 2, /same\.png/],
  ])('is refused before anything is done with %s', async (_name, pictures, more, ended, message) => {
    const output = pictures.length > 1 ? 'dreams/' : 'same.png';
    const args = ['dream', ...pictures, '-o', output, '--profile', 'refused.json', ...small, ...more];
    const { code, stdout, stderr } = await livedreamIn({ cwd: folder }, ...args);
    expect({ code, stdout: stdout.toString() }).toEqual({ code: ended, stdout: '' });
    expect(stderr).toMatch(message);
    expect(existsSync(path.join(folder, 'refused.json'))).toBe(false);
    expect(existsSync(path.join(folder, 'same.png'))).toBe(false);
  });
});
