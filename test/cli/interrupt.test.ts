// A signal ends the command line soon, whatever it is at; and so does the end of a process that loads.
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
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

/** Tells its parent when the command line begins to listen for signals: before that, one ends a process without a word. */
const TELLS = `data:text/javascript,${encodeURIComponent(
  "process.on('newListener', (event) => { if (event === 'SIGTERM') process.send('listening'); });",
)}`;

describe.skipIf(process.platform === 'win32')('within a second of a signal', () => {
  // After it listens, which a loaded machine takes seconds to come to.
  const WHILE_LOADING = 300;
  const LATER = 1000;
  const COMMANDS = [
    { args: ['layers', '--model', 'long.pb'], term: LATER },
    { args: ['layers', '--model', 'long.pb', '--json'], term: LATER },
    // A dream that has begun is heard between its steps, and the first of so long a network takes seconds.
    { args: ['dream', 'a.jpg', '--model', 'long.pb', '--layer', 'sum29999'], term: WHILE_LOADING },
  ];
  for (const { args, term } of COMMANDS) {
    for (const [signal, after] of [
      ['SIGINT', WHILE_LOADING],
      ['SIGTERM', term],
    ] as const) {
      test(`${args.join(' ')} has ended (${signal} after ${after} ms)`, { retry: 2 }, async () => {
        const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', 'ipc'];
        const child = spawn(process.execPath, ['--import', TELLS, cli, ...args], { cwd, stdio });
        const said = collected(child);
        const closed = once(child, 'close');
        await once(child, 'message');
        await setTimeout(after);
        const sent = performance.now();
        child.kill(signal);
        const [code] = await closed;
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
