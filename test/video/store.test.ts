import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { appendFile, mkdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { StreamCheckpoint } from '../../lib/stream/checkpoint.js';
import type { Frame } from '../../lib/video/frame.js';
import { StateFile } from '../../lib/video/state-file.js';
import { FrameStore, type Manifest } from '../../lib/video/store.js';
import { packState } from '../../lib/video/stream-state.js';

const root = mkdtempSync(path.join(tmpdir(), 'livedream-store-'));
afterAll(() => rmSync(root, { recursive: true }));

let folder: string;
let count = 0;
beforeEach(async () => {
  count += 1;
  folder = path.join(root, String(count));
  await mkdir(folder);
});

function frame(place: number, bits: 8 | 16 = 8, side = 16): Frame {
  const shape = { width: side, height: side - 3, channels: 4, bits } as const;
  const data = Buffer.alloc(shape.width * shape.height * 4 * (bits / 8));
  // Pixels that hardly pack.
  for (let byte = 0, value = place + 1; byte < data.length; byte += 1) {
    value = (value * 48_271) % 2_147_483_647;
    data[byte] = value >> 8;
  }
  return { ...shape, data, time: BigInt(place) * 1001n - 5n, length: 1001n };
}

const MANIFEST: Manifest = { source: ['abc'], dream: { seed: 7, step: 1.5 }, size: undefined };

async function open(manifest = MANIFEST, resume = true, coherent = false): Promise<FrameStore> {
  return FrameStore.open(folder, manifest, { resume, coherent });
}

async function filled(frames: readonly Frame[]): Promise<void> {
  const store = await open();
  for (const each of frames) await store.append(each);
  await store.close();
}

async function kept(store: FrameStore): Promise<Frame[]> {
  const frames: Frame[] = [];
  for await (const each of store.frames()) frames.push(each);
  return frames;
}

describe('finished frames', () => {
  test('are given back as they were, of 8 and 16 bits, and go on being kept', async () => {
    await filled([frame(0), frame(1, 16)]);
    const store = await open();
    expect(await kept(store)).toEqual([frame(0), frame(1, 16)]);
    await store.append(frame(2));
    expect(store.count).toBe(3);
    await store.close();
    const again = await open();
    expect((await kept(again))[2]).toEqual(frame(2));
    await again.close();
  });

  test.each([1, 30, 61, 200])('are those before one that lacks its last %i bytes', async (bytes) => {
    await filled([frame(0), frame(1), frame(2)]);
    const file = path.join(folder, 'frames');
    await truncate(file, (await stat(file)).size - bytes);
    const store = await open();
    expect(store.count).toBe(2);
    await store.append(frame(9));
    await store.close();
    const again = await open();
    expect(await kept(again)).toEqual([frame(0), frame(1), frame(9)]);
    await again.close();
  });

  test('are those before what is no frame', async () => {
    await filled([frame(0)]);
    await appendFile(path.join(folder, 'frames'), Buffer.alloc(500, 3));
    const store = await open();
    expect(store.count).toBe(1);
    await store.close();
  });

  test('of which one in the middle is damaged are an error', async () => {
    await filled([frame(0), frame(1), frame(2)]);
    const file = path.join(folder, 'frames');
    const bytes = await readFile(file);
    const place = Math.round(bytes.length / 2);
    bytes[place] = (bytes[place] as number) ^ 1;
    await writeFile(file, bytes);
    const store = await open();
    await expect(kept(store)).rejects.toThrow(/is damaged: the kept frame 1 is damaged.*remove the folder/);
    await store.close();
  });
});

describe('frames that hang together', () => {
  function state(place: number, floats = false): StreamCheckpoint {
    const values = Array.from({ length: 2 * 3 * 3 }, (_, index) => index / 3 + place);
    const source = floats ? Float32Array.from(values) : Uint8Array.from(values);
    return {
      width: 2,
      height: 3,
      source,
      change: Float32Array.from(values),
      strength: 1 / 3 + place,
      frames: 3 + place,
      mean: [0.1, 1e-9, 3],
    };
  }

  test.each([false, true])('count as far as the state is known after them (floats: %s)', async (floats) => {
    const store = await open(MANIFEST, true, true);
    for (const place of [0, 1]) await store.append(frame(place), async () => state(place, floats));
    await store.keepState();
    // It is asked for its state now or later, as the time has it that the first took.
    await store.append(frame(2), async () => Promise.reject(new Error('gone'))).catch(() => undefined);
    await store.close();
    const again = await open(MANIFEST, true, true);
    expect(again.count).toBe(2);
    expect(again.state).toEqual(state(1, floats));
    await again.append(frame(7));
    expect(await kept(again)).toEqual([frame(0), frame(1)]);
    await again.close();
  });

  test('do not count without a state, or with one that is damaged or of more frames', async () => {
    await filled([frame(0), frame(1)]);
    for (const bytes of [undefined, Buffer.alloc(0), Buffer.from('x'.repeat(99)), packState(state(9), 3)]) {
      if (bytes) await writeFile(path.join(folder, 'state'), bytes);
      const store = await open(MANIFEST, true, true);
      expect({ count: store.count, state: store.state }).toEqual({ count: 0, state: undefined });
      for (const place of [0, 1]) await store.append(frame(place));
      await store.close();
    }
  });

  test('have their state kept as often as that takes a tenth of the time', async () => {
    let now = 0;
    const file = new StateFile(path.join(folder, 'state'), () => now);
    const saved: number[] = [];
    for (let place = 0; place < 10; place += 1) {
      now += 30;
      await file.after(place + 1, async () => {
        now += 10;
        saved.push(place);
        return state(place);
      });
    }
    expect(saved).toEqual([0, 4, 8]);
    expect((await file.read())?.frames).toBe(9);
    await file.keep();
    expect((await file.read())?.frames).toBe(10);
  });
});

describe('a store', () => {
  test('is refused without resume, and of another run', async () => {
    await filled([frame(0)]);
    await expect(open(MANIFEST, false)).rejects.toThrow(/keeps 1 finished frames of an earlier run/);
    await expect(open({ ...MANIFEST, size: 64 })).rejects.toThrow(/another size \(undefined, and now 64\)/);
    await expect(open({ ...MANIFEST, source: ['x'] })).rejects.toThrow(/another source \(\["abc"\], and now \["x"\]\)/);
    await expect(open(MANIFEST, false)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_VIDEO_UNFINISHED' });
  });

  test('of no frames is taken by any run, and what is no store is not trusted', async () => {
    await filled([]);
    await (await open({ source: ['x'] }, false)).close();
    await (await open({ source: ['x'] })).close();
    await writeFile(path.join(folder, 'manifest.json'), '{');
    await expect(open()).rejects.toThrow(/its manifest cannot be read/);
  });

  test('forgets frames without a manifest, and films that were not finished', async () => {
    await writeFile(path.join(folder, 'frames'), Buffer.alloc(1000));
    await writeFile(path.join(folder, 'film-12.mp4'), 'half');
    const store = await open();
    expect(store.count).toBe(0);
    await store.close();
    await expect(stat(path.join(folder, 'film-12.mp4'))).rejects.toThrow('ENOENT');
  });
});

/** A disk of its own, where that may be mounted. */
function smallDisk(): string | undefined {
  const disk = path.join(root, 'disk');
  try {
    execFileSync('mkdir', ['-p', disk]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk], { stdio: 'ignore' });
    afterAll(() => void execFileSync('umount', [disk]));
    return disk;
  } catch {
    return undefined;
  }
}

const disk = smallDisk();

test.skipIf(disk === undefined)(
  'a full disk is an error, and what was finished is kept (needs root to mount a disk)',
  async () => {
    folder = disk as string;
    const store = await open();
    let finished = 0;
    const fill = async (): Promise<void> => {
      for (; finished < 1000; finished += 1) await store.append(frame(finished, 8, 97));
    };
    await expect(fill()).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE',
      message: expect.stringMatching(/the disk is full.*--resume/),
    });
    await store.close();
    expect(finished).toBeGreaterThan(1);
    const again = await open();
    expect(again.count).toBe(finished);
    expect((await kept(again))[finished - 1]).toEqual(frame(finished - 1, 8, 97));
    await again.close();
  },
);
