// A signal ends the command line soon, whatever it is at; and so does the end of a process that loads.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { cli } from '../support/cli.js';
import { longGraph } from '../support/long-graph.js';
import { SAMPLE } from '../support/pictures.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'livedream-interrupt-'));
  await writeFile(path.join(cwd, 'long.pb'), longGraph());
  await copyFile(SAMPLE, path.join(cwd, 'a.jpg'));
});
afterAll(() => rm(cwd, { recursive: true }));

function collected(child: ChildProcess): { stderr: string } {
  const said = { stderr: '' };
  child.stderr?.on('data', (text) => {
    said.stderr += text;
  });
  return said;
}

describe.skipIf(process.platform === 'win32')('within a second of a signal', () => {
  const LATER = 1600;
  // A dream that has begun is heard between its steps, and the first of so long a network takes seconds: for it the signal has to
  // come while the network is loaded, which a quiet machine has done by LATER.
  const WHILE_LOADING = 900;
  const COMMANDS = [
    { args: ['layers', '--model', 'long.pb'], term: LATER },
    { args: ['layers', '--model', 'long.pb', '--json'], term: LATER },
    { args: ['dream', 'a.jpg', '--model', 'long.pb', '--layer', 'sum29999'], term: WHILE_LOADING },
  ];
  for (const { args, term } of COMMANDS) {
    for (const [signal, after] of [
      ['SIGINT', WHILE_LOADING],
      ['SIGTERM', term],
    ] as const) {
      test(`${args.join(' ')} has ended (${signal} after ${after} ms)`, { retry: 2 }, async () => {
        const child = spawn(process.execPath, [cli, ...args], { cwd });
        const said = collected(child);
        let sent = 0;
        setTimeout(() => {
          sent = performance.now();
          child.kill(signal);
        }, after);
        const [code] = await once(child, 'close');
        const took = performance.now() - sent;
        console.log(`${signal} to ${args[0]} after ${after} ms: ended ${Math.round(took)} ms later`);
        expect({ code, ...said }).toEqual({ code: 130, stderr: 'livedream: cancelled\n' });
        expect(took).toBeLessThan(1000);
        expect((await readdir(cwd)).sort()).toEqual(['a.jpg', 'long.pb']);
      });
    }
  }
});

test.each([200, 600])('process.exit() %i ms into a load waits for no more than a part of it', async (after) => {
  const library = pathToFileURL(path.join(packageRoot, 'dist/esm/index.js')).href;
  const script = `
    import { Dreamer, devices } from ${JSON.stringify(library)};
    await devices();
    setTimeout(() => { console.log(Date.now()); process.exit(7); }, ${after});
    await Dreamer.load({ model: 'long.pb', device: 'cpu' });
    await new Promise((resolve) => setTimeout(resolve, 60_000));`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { cwd });
  let stdout = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  const [code] = await once(child, 'close');
  expect(code).toBe(7);
  expect(Date.now() - Number(stdout)).toBeLessThan(1000);
});
