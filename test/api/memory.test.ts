import { describe, expect, test } from 'vitest';
import { loadAddon } from '../../lib/binding/addon.js';
import type { Dreamer } from '../../lib/dreamer.js';
import type { PictureInput } from '../../lib/image/source.js';
import type { LoadOptions } from '../../lib/load-options.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { collectGarbage } from '../support/collect-garbage.js';
import { rawPicture, smallDreamer } from '../support/dreamers.js';

interface Mode {
  readonly options: LoadOptions;
  /** How many dreams have one size, which XLA compiles for; with more than one they are dreamed side by side by `dreamAll`. */
  readonly ofOneSize: number;
  readonly sideBySide?: true;
}

const MODES: Readonly<Record<string, Mode>> = {
  'in float32': { options: {}, ofOneSize: 2 },
  'in bfloat16': { options: { precision: 'bfloat16' }, ofOneSize: 4 },
  'with XLA': { options: { xla: true, loop: 'native' }, ofOneSize: 16 },
  'with XLA, the loop compiled': { options: { xla: true, loop: 'compiled' }, ofOneSize: 16 },
  'in batches': { options: {}, ofOneSize: 10, sideBySide: true },
};

const DREAMS = 200;
const EARLY = 20;
/** As many as the early dreams see, again and again: oneDNN keeps what it made for each, up to a limit of its own. */
const sizes = (ofOneSize: number): number => Math.max(2, EARLY / ofOneSize);
/** Of one program, so that each change of size evicts. */
const cacheLimit = ({ options }: Mode): number => (options.xla ? 24 : 3) * 2 ** 20;
/** Little to compute and to compile, with a convolution, an activation and a pool: what leaks is seen by the pictures' sizes. */
const OPTIONS = { layer: 'maxpool0', channel: 2, octaves: 1, iterations: 2 } as const;

function sizeOf(i: number, ofOneSize: number): [number, number] {
  const which = Math.floor(i / ofOneSize) % sizes(ofOneSize);
  return [180 + which * 4, 160 + which * 3];
}

interface Memory {
  /** Without V8's spare room, which grows by 16 MiB whenever it likes: from the 80th dream, with as much on the heap. */
  readonly resident: number;
  /** Of typed arrays, such as results. */
  readonly arrays: number;
}

async function memory(): Promise<Memory> {
  await collectGarbage();
  const { rss, arrayBuffers, heapTotal, heapUsed } = process.memoryUsage();
  return { resident: rss - (heapTotal - heapUsed), arrays: arrayBuffers };
}

/** Ends after each dream, or each batch. */
async function* dreams(dreamer: Dreamer, { ofOneSize, sideBySide }: Mode): AsyncGenerator<number> {
  for (let i = 0; i < DREAMS; ) {
    const picture = rawPicture(...sizeOf(i, ofOneSize));
    if (sideBySide) {
      const pictures = Array<PictureInput>(ofOneSize).fill(picture);
      for await (const { error } of dreamer.dreamAll(pictures, { ...OPTIONS, batch: ofOneSize })) {
        expect(error).toBeUndefined();
        i += 1;
      }
    } else {
      await dreamer.dream(picture, OPTIONS);
      i += 1;
    }
    yield i;
  }
}

// Two minutes on two idle cores; more where they are shared.
const TIMEOUT = 600_000;

describe('200 dreams of changing sizes end with the memory of the first 20, and the program cache keeps its limit', () => {
  test.each(Object.entries(MODES))(
    '%s',
    async (name, mode) => {
      await openRuntime();
      if (mode.options.precision === 'bfloat16' && loadAddon().bfloat16Unit() === 'none') return;
      await using dreamer = await smallDreamer({ programCacheLimit: cacheLimit(mode), ...mode.options });
      const programs: number[] = [];
      let early: Memory = { resident: 0, arrays: 0 };
      for await (const done of dreams(dreamer, mode)) {
        programs.push(dreamer.statistics().programBytes);
        if (done <= EARLY) early = await memory();
      }
      const end = await memory();
      const { programsEvicted, programsBuilt, steps } = dreamer.statistics();
      console.info(
        `memory, ${name}: ${Math.round(early.resident / 2 ** 20)} MiB after ${EARLY} dreams, ${Math.round(end.resident / 2 ** 20)} after ` +
          `${DREAMS}; ${programsEvicted} of ${programsBuilt} programs evicted`,
      );
      expect(steps).toBe((DREAMS * OPTIONS.iterations) / (mode.sideBySide ? mode.ofOneSize : 1));
      expect(programsBuilt).toBe(Math.ceil(DREAMS / mode.ofOneSize));
      expect(programsEvicted).toBe(programsBuilt - 1);
      expect(Math.max(...programs)).toBeLessThanOrEqual(cacheLimit(mode));
      expect(end.resident / early.resident).toBeLessThan(1.05);
      expect(end.arrays - early.arrays).toBeLessThan(2 ** 20);
    },
    TIMEOUT,
  );
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
