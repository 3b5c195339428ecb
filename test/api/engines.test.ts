// One Dreamer on several engines: one model, one queue, the work shared.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Dreamer } from '../../lib/dreamer.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

let both: Dreamer;
beforeAll(async () => {
  both = await smallDreamer({ device: 'cpu,cpu', queueLimit: 1 });
});
afterAll(async () => both.dispose());

const bytesOf = (data: Uint8Array | Float32Array): Buffer => Buffer.from(data);

describe('a Dreamer with two engines', () => {
  test('says so, has the model on each, and dreams the same on each', async () => {
    expect(both.device).toBe('CPU:0,CPU:0');
    expect(both.statistics().graphImports).toBe(2);
    const options = { octaves: 2, iterations: 3, seed: 5 } as const;
    const dreams = await Promise.all([
      both.dream(rawPicture(80, 60), options),
      both.dream(rawPicture(80, 60), options),
    ]);
    const [first, second] = dreams.map(({ data }) => bytesOf(data));
    expect(first?.equals(second as Buffer)).toBe(true);
    // Two octaves on each of two engines: neither waited for the other.
    expect(both.statistics().programsBuilt).toBe(4);
  });

  test('works at two calls side by side, lets one wait and refuses the next', async () => {
    const running = new Set<number>();
    let most = 0;
    const dream = async (id: number): Promise<string> => {
      try {
        await both.dream(rawPicture(160, 120), {
          octaves: 1,
          iterations: 20,
          onProgress: () => {
            running.add(id);
            most = Math.max(most, running.size);
          },
        });
        return 'done';
      } catch (error) {
        return (error as { code: string }).code;
      } finally {
        running.delete(id);
      }
    };
    const codes = await Promise.all([0, 1, 2, 3].map(dream));
    expect(codes).toEqual(['done', 'done', 'done', 'ERR_LIVEDREAM_QUEUE_FULL']);
    expect(most).toBe(2);
  });

  test('warms up on each', async () => {
    const { programsBuilt } = both.statistics();
    await both.warmUp({ width: 96, height: 72 }, { octaves: 1 });
    expect(both.statistics().programsBuilt).toBe(programsBuilt + 2);
  });

  test('hears an abort of a warm-up that waits on both', async () => {
    const two = await smallDreamer({ device: 'cpu,cpu' });
    const [hold, controller] = [new AbortController(), new AbortController()];
    const busy: Promise<unknown>[] = [];
    const started = [0, 1].map(
      () =>
        new Promise<void>((resolve) => {
          const options = { octaves: 1, iterations: 5000, signal: hold.signal, onProgress: () => resolve() };
          busy.push(two.dream(rawPicture(160, 120), options).catch(() => 'held'));
        }),
    );
    await Promise.all(started);
    const warming = two.warmUp({ width: 64, height: 64 }, { octaves: 1, signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    // The dreams before it go on, so it was not waited for.
    await expect(warming).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
    hold.abort();
    expect(await Promise.all(busy)).toEqual(['held', 'held']);
    await two.dispose();
  });
});
