import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { SAMPLE } from '../support/pictures.js';

const run = promisify(execFile);
const cli = path.join(packageRoot, 'dist/esm/cli/main.js');
const CLEARED = '\u001b[2K';

/** What a terminal gets, by util-linux's `script`. */
async function onTerminal(args: readonly string[]): Promise<string> {
  const command = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ');
  return (await run('script', ['-qec', command, '/dev/null'], { maxBuffer: 2 ** 24 })).stdout;
}

test.skipIf(process.platform !== 'linux')(
  'on a terminal the bar makes room for each result and leaves nothing',
  async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'livedream-terminal-'));
    const pictures = ['one.jpg', 'two.jpg'].map((name) => path.join(folder, name));
    // Of two shapes, or both were one batch and finished at once.
    await copyFile(SAMPLE, pictures[0] as string);
    await sharp(SAMPLE)
      .resize(300, 300, { fit: 'fill' })
      .toFile(pictures[1] as string);
    const quick = ['--size', '120', '--octaves', '2', '--iterations', '2'];
    const shown = await onTerminal(['dream', ...pictures, ...quick]);
    expect(shown).toContain('loading the network');
    expect(shown).toContain('building the programs');
    const afterBars = shown.split(CLEARED).slice(1);
    expect(afterBars).toHaveLength(2);
    expect(afterBars[0]?.startsWith(`${path.join(folder, 'one-dream.png')}\r\n`)).toBe(true);
    expect(afterBars[1]).toBe(`${path.join(folder, 'two-dream.png')}\r\n`);
    await rm(folder, { recursive: true });
  },
);

test.skipIf(process.platform !== 'linux')('a terminal is neither read as a picture nor written one', async () => {
  const ended = async (...args: string[]): Promise<{ code: number; stdout: string }> =>
    onTerminal(['dream', ...args]).then(
      (stdout) => ({ code: 0, stdout }),
      (error) => error as { code: number; stdout: string },
    );
  for (const args of [['-'], [SAMPLE, '-o', '-']]) {
    const { code, stdout } = await ended(...args);
    expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringMatching(/standard output is a terminal/) });
  }
  const { code, stdout } = await ended('-', '-o', path.join(tmpdir(), 'livedream-none.png'));
  expect({ code, stdout }).toMatchObject({ code: 2, stdout: expect.stringMatching(/standard input is a terminal/) });
});
