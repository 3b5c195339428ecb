// A stream that runs for long: memory stays what it was, and nothing is compiled, though options change all the time.
import { expect, test } from 'vitest';
import type { RawPicture } from '../../lib/image/source.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { smallDreamer } from '../support/dreamers.js';
import { view } from './support/motions.js';

const FRAMES = 3000;
const EARLY = 300;
const SIZE = { width: 96, height: 72 } as const;

async function resident(): Promise<number> {
  await collectGarbage();
  const { rss, heapTotal, heapUsed } = process.memoryUsage();
  return rss - (heapTotal - heapUsed);
}

test('3,000 frames with changing options end with the memory of the first 300, and compile nothing', async () => {
  await using dreamer = await smallDreamer();
  const views = await Promise.all(Array.from({ length: 8 }, (_, index) => view({ x: index }, SIZE)));
  function* panning(): Generator<RawPicture> {
    for (let i = 0; i < FRAMES; i += 1) yield views[Math.abs((i % 14) - 7)] as RawPicture;
  }
  const options = { layer: 'mixed3b', octaves: 2, iterations: 2 } as const;
  await dreamer.warmUpStream(SIZE, options);
  const { programsBuilt } = dreamer.statistics();
  const stream = dreamer.stream(panning(), options);
  let early = 0;
  for await (const { index } of stream) {
    if (index === EARLY) early = await resident();
    stream.change({
      step: 1 + (index % 5),
      iterations: 1 + (index % 2),
      channel: index % 8,
      blend: 0.5 + (index % 4) / 10,
    });
  }
  const end = await resident();
  console.info(
    `memory: ${Math.round(early / 2 ** 20)} MiB after ${EARLY} frames, ${Math.round(end / 2 ** 20)} after ${FRAMES}`,
  );
  // A channel and a whole layer are programs of their own, each for two octaves: built once, when the channel was first asked for.
  expect(dreamer.statistics().programsBuilt - programsBuilt).toBeLessThanOrEqual(2);
  expect(end / early).toBeLessThan(1.05);
});
