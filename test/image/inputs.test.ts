// Where a picture may come from, besides a path and a Buffer (decode.test.ts).
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { own, type PictureInput, type RawPicture } from '../../lib/image/source.js';
import { open } from '../support/decoding.js';

let folder: string;
let file: string;
let png: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream inputs #1 '));
  file = path.join(folder, 'päth %20.png');
  png = await sharp({ create: { width: 6, height: 4, channels: 3, background: '#c86432' } })
    .png()
    .toBuffer();
  await writeFile(file, png);
});
afterAll(async () => rm(folder, { recursive: true }));

const opens = async (input: unknown): Promise<void> => {
  const picture = await open(input as PictureInput);
  expect([picture.width, picture.height, ...picture.data.slice(0, 3)]).toEqual([6, 4, 200, 100, 50]);
};
const unreadable = (says: RegExp): object => ({
  code: 'ERR_LIVEDREAM_IMAGE_UNREADABLE',
  message: expect.stringMatching(says),
});

describe('a URL', () => {
  test('of a file is opened, as an object and as a string', async () => {
    const url = pathToFileURL(file);
    await opens(url);
    await opens(url.href);
    await opens(url.href.replace('file', 'FILE'));
    // As jsdom's and other realms' are: not of Node's class.
    await opens({ href: url.href, protocol: 'file:' });
  });

  test('may be changed after the call', async () => {
    const url = pathToFileURL(file);
    const opened = open(url);
    url.pathname = '/none';
    expect(await opened).toMatchObject({ width: 6 });
  });

  test('of another kind is refused, saying to fetch it', async () => {
    for (const url of ['https://example.org/a.png', 'http://example.org/a.png', 'data:image/png;base64,AAAA']) {
      await expect(open(new URL(url))).rejects.toMatchObject(unreadable(/fetch it first/));
      await expect(open(url)).rejects.toMatchObject(unreadable(/only 'file:' URLs are opened; fetch it first/));
    }
    const long = await open(`data:image/png;base64,${'A'.repeat(1e6)}`).catch((error: Error) => error);
    expect((long as Error).message.length).toBeLessThan(600);
  });

  test('of a file that cannot be is refused', async () => {
    await expect(open('file://elsewhere/a.png')).rejects.toMatchObject(unreadable(/file:\/\/elsewhere/));
    await expect(open(pathToFileURL(path.join(folder, 'none.png')))).rejects.toMatchObject(unreadable(/no such file/));
  });
});

describe('memory', () => {
  test('is an ArrayBuffer, shared or not', async () => {
    await opens(Uint8Array.from(png).buffer);
    const shared = new Uint8Array(new SharedArrayBuffer(png.length));
    shared.set(png);
    await opens(shared.buffer);
    const { port1, port2 } = new MessageChannel();
    const gone = new ArrayBuffer(8);
    port1.postMessage(gone, [gone]);
    await expect(open(gone)).rejects.toMatchObject(unreadable(/empty/));
    port1.close();
    port2.close();
  });

  test('is of another realm, such as of jest or vm', async () => {
    const context = vm.createContext({ bytes: [...png] });
    await opens(vm.runInContext('Uint8Array.from(bytes)', context));
    await opens(vm.runInContext('Uint8Array.from(bytes).buffer', context));
    for (const type of ['Uint8Array', 'Uint8ClampedArray', 'Float32Array']) {
      const raw = (width: number): RawPicture => {
        const data = vm.runInContext(`new ${type}(${width * 8 * 4}).fill(90)`, context) as RawPicture['data'];
        expect(data).not.toBeInstanceOf(globalThis[type as 'Uint8Array']);
        return { data, width, height: 8, channels: 4 };
      };
      const resized = await open(raw(16), { size: 8 });
      expect([...resized.data.slice(0, 3)].map(Math.round)).toEqual([90, 90, 90]);
      expect(resized.alpha?.[3]).toBe(90);
    }
  });
});

describe('a stream', () => {
  const pieces = (size: number): Buffer[] =>
    Array.from({ length: Math.ceil(png.length / size) }, (_, i) => png.subarray(i * size, (i + 1) * size));

  test('is of Node', async () => {
    await opens(createReadStream(file));
    await opens(Readable.from(pieces(10)));
    const through = new PassThrough();
    const opened = opens(through);
    through.end(png);
    await opened;
  });

  test('is of the web', async () => {
    await opens(new Blob([png]).stream());
    await opens(new Response(png).body);
    await opens(ReadableStream.from(pieces(7).map((piece) => Uint8Array.from(piece).buffer)));
    // As of a realm whose streams have no iterator.
    const reader = new Blob([png]).stream().getReader();
    await opens({ locked: false, getReader: () => reader });
  });

  test('is a Blob or a File', async () => {
    await opens(new Blob([png]));
    const { File } = await import('node:buffer');
    await opens(new File([png], 'a.png'));
    await opens({ size: png.length, stream: () => Readable.from(pieces(9)) });
  });

  test('that fails is refused with the cause, even before it is read', async () => {
    const cause = new Error('the line is dead');
    const failing = Readable.from(
      (function* () {
        yield png.subarray(0, 9);
        throw cause;
      })(),
    );
    await expect(open(failing)).rejects.toMatchObject({ ...unreadable(/in the stream.*the line is dead/), cause });
    const web = new ReadableStream({ pull: (controller) => controller.error(cause) });
    await expect(open(web)).rejects.toMatchObject({ ...unreadable(/the line is dead/), cause });
    const early = createReadStream(path.join(folder, 'none.png'));
    const owned = own(early);
    await new Promise<void>((resolve) => early.once('close', resolve));
    const { decode } = await import('../../lib/image/decode.js');
    const options = { size: undefined, page: undefined, check: () => undefined };
    await expect(decode(owned, options)).rejects.toMatchObject({ ...unreadable(/ENOENT/), cause: { code: 'ENOENT' } });
  });

  test('of no bytes, of text, or read by another is refused', async () => {
    await expect(open(Readable.from([]))).rejects.toMatchObject(unreadable(/empty/));
    await expect(open(Readable.from(['text']))).rejects.toMatchObject(unreadable(/chunk of type string/));
    const locked = new Blob([png]).stream();
    locked.getReader();
    await expect(open(locked)).rejects.toMatchObject(unreadable(/locked/));
    await expect(open(new Blob(['no picture']))).rejects.toMatchObject(unreadable(/picture in the Blob/));
  });

  test('is read no further than its bound', async () => {
    let given = 0;
    let cancelled = false;
    const endless = (): { done: boolean; value: Uint8Array } => {
      given += 1000;
      return { done: false, value: new Uint8Array(1000) };
    };
    const node = new Readable({ read: () => void node.push(endless().value) });
    const web = new ReadableStream({
      pull: (controller) => controller.enqueue(endless().value),
      cancel: () => {
        cancelled = true;
      },
    });
    for (const stream of [node, web]) {
      given = 0;
      await expect(open(stream, { mostBytes: 50_000 })).rejects.toMatchObject({
        code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
        message: expect.stringMatching(/in the stream.*51000 bytes or more, and at most 50000/),
      });
      // Beyond it only what lay ready.
      expect(given).toBeLessThan(150_000);
    }
    expect([node.destroyed, cancelled]).toEqual([true, true]);
    const blob = { size: 60_000, stream: () => expect.fail('it is read') };
    await expect(open(blob, { mostBytes: 50_000 })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_IMAGE_TOO_LARGE' });
  });
});

test('what is no picture is refused, naming what is one', async () => {
  for (const wrong of [42, null, undefined, {}, [], new Map(), new Float32Array(3), () => png]) {
    await expect(open(wrong as never)).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_OPTION_TYPE',
      message: expect.stringMatching(
        /'picture' must be a path, file: URL, .*Blob, stream, sharp instance or raw pixels/,
      ),
    });
  }
});
