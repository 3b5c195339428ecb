// Who is let in, before anything is decoded or allocated; and that an abort is heard wherever a call waits.
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { NativeAddon, NativeEngine, NativeLayer } from '../../lib/binding/native.js';
import { Dreamer } from '../../lib/dreamer.js';
import type { Station } from '../../lib/engines.js';
import { ResidentModel } from '../../lib/resident-model.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';
import { engineWith, notCancelled, planFor } from '../support/engine.js';
import { smallModel } from '../support/models.js';

const QUICK = { octaves: 1, iterations: 1 } as const;
let dreamer: Dreamer;
beforeAll(async () => {
  dreamer = await smallDreamer({ queueLimit: 1 });
});
afterAll(async () => dreamer.dispose());

/** A sharp instance that is never done reading. */
function endless(): Sharp {
  const never = new Promise<never>(() => undefined);
  const stub = { metadata: () => never, toBuffer: () => never, clone: () => stub };
  return stub as unknown as Sharp;
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('the queue', () => {
  test('refuses before a picture is looked at', async () => {
    const admitted = [1, 2].map(() => dreamer.dream(rawPicture(64, 64), QUICK));
    expect(await codeOf(dreamer.dream('no such file', QUICK))).toBe('ERR_LIVEDREAM_QUEUE_FULL');
    await Promise.all(admitted);
    expect(await codeOf(dreamer.dream('no such file', QUICK))).toBe('ERR_LIVEDREAM_IMAGE_UNREADABLE');
  });

  test('says how to wait for room, and whoever awaits a dream has room for the next', async () => {
    const all = await Promise.allSettled([1, 2, 3].map(() => dreamer.dream(rawPicture(64, 64), QUICK)));
    const refused = all.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(refused.reason.message).toMatch(/has 2 calls under way.* 1 at work, and the 1 that queueLimit lets wait/);
    expect(refused.reason.message).toMatch(
      /dreamer\.dreamAll\(pictures\).*await one dream before asking for the next.*raise queueLimit/,
    );
    const pictures = Array.from({ length: 20 }, () => rawPicture(64, 64)).values();
    const oneAfterAnother = async (): Promise<void> => {
      for (const picture of pictures) await dreamer.dream(picture, QUICK);
    };
    await Promise.all([oneAfterAnother(), oneAfterAnother()]);
  });

  test('bounds the memory of pictures that are decoded', async () => {
    const png = await sharp({ create: { width: 3000, height: 2000, channels: 3, background: '#468' } })
      .png()
      .toBuffer();
    await collectGarbage();
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers);
    }, 5);
    const codes = await Promise.all(
      Array.from({ length: 30 }, () => codeOf(dreamer.dream(png, { ...QUICK, tileSize: 128 }))),
    );
    clearInterval(watch);
    expect(codes.filter((code) => code === 'done')).toHaveLength(2);
    expect(codes.filter((code) => code === 'ERR_LIVEDREAM_QUEUE_FULL')).toHaveLength(28);
    // Two pictures of 18 MB, each once decoded and once as the result; thirty of them were 540 MB.
    expect(most - before).toBeLessThan(120e6);
  });

  test('refuses without leaving anything behind', async () => {
    const model = smallModel();
    const engine = await engineWith(model);
    await engine.dispose();
    const plan = planFor(model, { width: 16, height: 16, octaves: 1 });
    const cancellation = notCancelled();
    const refuse = async (): Promise<void> => {
      for (let i = 0; i < 20_000; i += 1)
        expect(await codeOf(engine.warmUp(plan, cancellation))).toBe('ERR_LIVEDREAM_DISPOSED');
      await collectGarbage();
    };
    await refuse();
    const before = process.memoryUsage().heapUsed;
    await refuse();
    // 640 KB stayed when each refusal left its promise unsettled.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000);
  });
});

describe('an abort is heard', () => {
  test('while a picture is read', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const dream = dreamer.dream(endless(), { ...QUICK, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 10);
    await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', cause: reason });
    // What the stub began never ends, so its place stays taken: the next call is the only one.
    expect(await codeOf(dreamer.dream(rawPicture(64, 64), QUICK))).toBe('done');
  });

  test('while the network is asked about a layer', async () => {
    const other = await smallDreamer();
    const controller = new AbortController();
    const dream = other.dream(rawPicture(64, 64), { ...QUICK, layer: 'mixed3a', signal: controller.signal });
    const { steps } = other.statistics();
    controller.abort();
    expect(await codeOf(dream)).toBe('ERR_LIVEDREAM_ABORTED');
    expect(other.statistics().steps).toBe(steps);
    await other.dispose();
  });

  test('while a model is loaded, and before', async () => {
    const { file } = smallModel();
    const controller = new AbortController();
    const loading = Dreamer.load({ model: file, device: 'cpu', signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(loading).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', cause: new Error('enough') });
    expect(await codeOf(Dreamer.load({ model: 'none', signal: AbortSignal.abort() }))).toBe('ERR_LIVEDREAM_ABORTED');
    expect(await codeOf(Dreamer.load({ signal: 'now' as unknown as AbortSignal }))).toBe('ERR_LIVEDREAM_OPTION_TYPE');
  });
});

test('calls that come together ask about a layer once', async () => {
  let asked = 0;
  const layer: NativeLayer = {
    name: 'a',
    op: 'Relu',
    channels: 1,
    stride: 1,
    leastSize: 1,
    bytesPerPixel: 1,
    fixedBytes: 0,
  };
  const native = {
    layers: [layer],
    leftOut: {},
    unfed: {},
    releaseWeights: () => undefined,
    layer: async () => {
      asked += 1;
      if (asked === 1) throw new Error('not yet');
      return layer;
    },
  };
  class Cancellation {}
  const addon = { importModel: async () => native, Cancellation } as unknown as NativeAddon;
  const engine = { load: async () => undefined } as unknown as NativeEngine;
  const source = { description: {}, name: 'stub', graph: new Uint8Array(1), sha256: '' };
  const model = await ResidentModel.load(source, addon, { stations: [{ engine } as unknown as Station] });
  await expect(model.layer('a')).rejects.toThrow(/not yet/);
  expect(await Promise.all([model.layer('a'), model.layer('a'), model.layer('a')])).toEqual([layer, layer, layer]);
  expect(asked).toBe(2);
});
