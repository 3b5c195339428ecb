import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import type { Dreamer } from '../../lib/dreamer.js';
import { DREAM_OPTIONS } from '../../lib/options/dream-options.js';
import { serviceOf } from '../service/support.js';
import { smallDreamer } from '../support/dreamers.js';

let dreamer: Dreamer;
let app: FastifyInstance;

beforeAll(async () => {
  dreamer = await smallDreamer();
  app = await serviceOf(dreamer, { token: 'correct-horse-battery', octaveLimit: 3 });
});
afterAll(async () => {
  await app.close();
  await dreamer.dispose();
});

test('the page and all that it names are there, without the token', async () => {
  const page = await app.inject('/');
  expect(page.statusCode).toBe(200);
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
  const named = [...page.body.matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, address]) => address as string);
  expect(named.length).toBeGreaterThan(5);
  for (const address of [...named, 'page/sample.jpg'])
    expect((await app.inject(`/${address}`)).statusCode, address).toBe(200);
  expect((await app.inject('/v1/models')).statusCode).toBe(401);
});

test('nothing inline, nothing from elsewhere, and nothing that would want it', async () => {
  const { headers, body } = await app.inject('/');
  const policy = String(headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(body).not.toMatch(/ style=|<style| on\w+=|https?:\/\/|<script>/);
});

test('what a browser has it need not fetch again', async () => {
  for (const address of ['/', '/page/main.js', '/page/facts.json']) {
    const { headers } = await app.inject(address);
    expect(headers['cache-control']).toBe('no-cache');
    const again = await app.inject({ url: address, headers: { 'if-none-match': `"other", W/${headers.etag}` } });
    expect([again.statusCode, again.body]).toEqual([304, '']);
    const other = await app.inject({ url: address, headers: { 'if-none-match': '"other"' } });
    expect(other.statusCode).toBe(200);
  }
});

test('facts are those of the tables, within the limits of the service', async () => {
  const facts = (await app.inject('/page/facts.json')).json();
  const { about } = DREAM_OPTIONS.octaves;
  expect(facts.sliders.octaves).toEqual({ about, default: 3, least: 1, most: 3, above: false, whole: true });
  expect(facts.token).toBe(true);
});

test.each([
  '/page/nothing.js',
  '/page/..%2f..%2fpackage.json',
  '/page/page.html%00',
  '/page/constructor',
  '/page/',
])('%s is not there', async (url) => {
  expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400);
  expect((await app.inject(url)).statusCode).toBeLessThan(500);
});

test('below a prefix its addresses lead to the same place, with a slash at its end', async () => {
  const below = await serviceOf(dreamer, { prefix: '/a/dream' } as object);
  const { statusCode, headers } = await below.inject('/a/dream?x=1');
  expect([statusCode, headers.location]).toEqual([308, 'dream/']);
  expect((await below.inject('/a/dream/')).statusCode).toBe(200);
  expect((await below.inject('/a/dream/page/main.js')).statusCode).toBe(200);
  await below.close();
});

test('it can be left out', async () => {
  const without = await serviceOf(dreamer, { page: false });
  expect((await without.inject('/')).statusCode).toBe(404);
  expect((await without.inject('/page/main.js')).statusCode).toBe(404);
  expect((await without.inject('/v1/models')).statusCode).toBe(200);
  await without.close();
});

test('it is small', () => {
  const folder = path.join(packageRoot, 'dist/page');
  const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(path.join(folder, name)).size, 0);
  expect(bytes).toBeLessThan(120_000);
});
