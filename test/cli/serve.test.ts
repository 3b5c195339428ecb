import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { png } from '../service/support.js';
import { cli } from '../support/cli.js';
import { smallModel } from '../support/models.js';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  readonly log: () => string;
  readonly ended: Promise<unknown>;
}

async function serve(...args: string[]): Promise<Served> {
  const all = [cli, 'serve', '--model', smallModel().file, '--device', 'cpu', '--port', '0', ...args];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let [out, said] = ['', ''];
  child.stdout.on('data', (text) => {
    out += text;
  });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (text) => {
      said += text;
      const found = / on (http:\S+)/.exec(said)?.[1];
      if (found) resolve(found);
    });
    child.once('exit', () => reject(new Error(said)));
  });
  return { url, child, log: () => out, ended };
}

const dream = async (url: string, iterations: number, headers = {}): Promise<Response> =>
  fetch(`${url}/v1/dreams?layer=mixed3b&octaves=1&iterations=${iterations}`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', ...headers },
    body: new Uint8Array(await png(128, 128)),
  });

test('it serves this machine alone, logs without pictures and tokens, and finishes what is under way when it stops', async () => {
  const token = 'correct-horse-battery';
  const { url, child, log, ended } = await serve('--token', token, '--iteration-limit', '2000');
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const headers = { authorization: `Bearer ${token}` };
  expect((await dream(url, 1)).status).toBe(401);
  expect((await dream(url, 1, headers)).status).toBe(200);
  expect(await (await fetch(`${url}/nothing`)).json()).toMatchObject({ code: 'NOT_FOUND' });
  const long = dream(url, 150, headers);
  await new Promise((resolve) => setTimeout(resolve, 150));
  child.kill('SIGTERM');
  expect((await long).status).toBe(200);
  expect(await ended).toEqual([0, null]);
  const lines = log()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { res?: { statusCode: number } });
  expect(lines.filter(({ res }) => res).map(({ res }) => res?.statusCode)).toEqual([401, 200, 404, 200]);
  expect(log()).not.toContain(token);
});

test('a dream that outlasts the grace is cancelled, with an answer', async () => {
  const { url, child, ended } = await serve('--grace', '0.2', '--iteration-limit', '10000', '--log-level', 'silent');
  const long = dream(url, 10_000);
  await new Promise((resolve) => setTimeout(resolve, 500));
  child.kill('SIGINT');
  expect((await long).status).toBe(503);
  expect(await ended).toEqual([0, null]);
});

test('a wrong flag ends it before the network is loaded', async () => {
  await expect(serve('--octave-limit', '0')).rejects.toThrow(/octaveLimit.*from 1 to 20.*ERR_LIVEDREAM_OPTION_RANGE/);
});
