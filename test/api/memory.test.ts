import { expect, test } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

/** The size of dream `i`: no two of 200 have the same. */
const sizeOf = (i: number): [number, number] => [96 + ((i * 37) % 101), 80 + ((i * 53) % 97)];

async function residentBytes(): Promise<number> {
  await collectGarbage();
  return process.memoryUsage().rss;
}

test('200 dreams of changing sizes end with the memory of the first 20, and the program cache keeps its limit', async () => {
  const limit = 24 * 2 ** 20;
  const dreamer = await smallDreamer({ programCacheLimit: limit });
  const bytes: number[] = [];
  let after20 = 0;
  for (let i = 0; i < 200; i += 1) {
    const [width, height] = sizeOf(i);
    await dreamer.dream(rawPicture(width, height), { octaves: 2, iterations: 2 });
    bytes.push(dreamer.statistics().programBytes);
    if (i === 19) after20 = await residentBytes();
  }
  const end = await residentBytes();
  const statistics = dreamer.statistics();
  console.info(
    `memory: ${Math.round(after20 / 2 ** 20)} MiB after 20 dreams, ${Math.round(end / 2 ** 20)} after 200; ` +
      `${statistics.programsEvicted} of ${statistics.programsBuilt} programs evicted`,
  );
  expect(Math.max(...bytes)).toBeLessThanOrEqual(limit);
  expect(statistics.programsEvicted).toBeGreaterThan(200);
  expect(end / after20).toBeLessThan(1.1);
  await dreamer.dispose();
});

test('weights and programs are reported to V8 as external memory, and taken back', async () => {
  // process.memoryUsage() leaves out what N-API reports, so the engine says itself what V8 was told.
  const dreamer = await smallDreamer();
  const loaded = dreamer.statistics();
  expect(loaded.weightBytes).toBeGreaterThan(50_000);
  expect(loaded.externalBytes).toBe(loaded.weightBytes);
  await dreamer.dream(rawPicture(64, 64), { octaves: 2, iterations: 1 });
  const { programBytes, weightBytes, externalBytes } = dreamer.statistics();
  expect(programBytes).toBeGreaterThan(0);
  expect(externalBytes).toBe(weightBytes + programBytes);
  await dreamer.dispose();
  expect(dreamer.statistics().externalBytes).toBe(0);
});
