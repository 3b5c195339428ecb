import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';

let server: ChildProcess;
let url: string;
let said = '';
beforeAll(async () => {
  const program = path.join(packageRoot, 'examples/own-service/server.mjs');
  server = spawn(process.execPath, [program], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  server.stderr?.on('data', (text) => {
    said += text;
  });
  if (server.stdout) [url] = (await once(createInterface(server.stdout), 'line')) as [string];
});
afterAll(() => server.kill('SIGKILL'));

const photo = (side: number): Promise<Buffer> =>
  sharp({ create: { width: side, height: 80, channels: 3, background: '#48c' } })
    .jpeg()
    .toBuffer();

async function post(place: string, body: Buffer, type = 'image/jpeg'): Promise<Response> {
  return fetch(`${url}/dreams/${place}`, {
    method: 'POST',
    body: new Uint8Array(body),
    headers: { 'content-type': type },
  });
}

test('a posted picture comes back dreamed, by one of the filters that it lists', async () => {
  const [filter] = (await (await fetch(`${url}/filters`)).json()) as string[];
  const answer = await post(`${filter}?size=96&iterations=1&seed=7`, await photo(120));
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
  const dreamed = sharp(Buffer.from(await answer.arrayBuffer()));
  expect(await dreamed.metadata()).toMatchObject({ format: 'webp', width: 96, height: 64 });
  // The photo is one colour.
  expect((await dreamed.stats()).channels.every(({ stdev }) => stdev > 0.5)).toBe(true);
});

test('what a client does wrong it is told', async () => {
  const picture = await photo(96);
  const told = async (answer: Response): Promise<unknown[]> => {
    const { code, message } = (await answer.json()) as { code?: string; message: string };
    return [answer.status, code, message];
  };
  expect(await told(await post('none', picture))).toEqual([
    404,
    'ERR_LIVEDREAM_FILTER_UNKNOWN',
    expect.stringContaining("'none'"),
  ]);
  expect(await told(await post('owl', Buffer.from('no picture')))).toEqual([
    422,
    'ERR_LIVEDREAM_IMAGE_UNREADABLE',
    expect.any(String),
  ]);
  expect((await told(await post('owl?size=9', picture)))[0]).toBe(400);
  expect((await told(await post('owl', Buffer.from('{}'), 'application/json')))[0]).toBe(415);
});

test('it ends in order', async () => {
  server.kill('SIGTERM');
  expect(await once(server, 'close')).toEqual([0, null]);
  expect(said).toBe('');
});
