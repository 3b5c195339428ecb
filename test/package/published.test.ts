// What publint and attw ("are the types wrong?") have to say of the tarball: nothing.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { beforeAll, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { packedTarball, run } from './support/packed.js';

let tarball: string;
beforeAll(async () => {
  ({ tarball } = await packedTarball());
}, 600_000);

test('publint finds nothing, not even to suggest', async () => {
  const bytes = new Uint8Array(await readFile(tarball));
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer } });
  expect(pkg?.['name']).toBe('livedream');
  expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
});

test('attw finds the types that belong to what is imported, from ESM, CommonJS and bundlers', async () => {
  const attw = path.join(packageRoot, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  // The resolution of before Node 16 knows no `exports`, and this package needs Node 20.
  const args = [attw, tarball, '--profile', 'node16', '--format', 'ascii', '--no-color'];
  const said = await run(process.execPath, args).then(
    ({ stdout }) => ({ clean: true, stdout }),
    ({ stdout }: { stdout: string }) => ({ clean: false, stdout }),
  );
  expect(said).toEqual({ clean: true, stdout: expect.stringContaining('"livedream/fastify"') });
});
