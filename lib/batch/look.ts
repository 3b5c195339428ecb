import type { NativeOctave, NativePlan, NativeTimings } from '../binding/native.js';
import { LiveDreamError } from '../errors.js';
import { memoryNeeded } from '../plan/memory.js';
import { cutInTiles } from '../plan/tiles.js';
import type { Call, Request } from '../request.js';
import type { Size } from '../size.js';
import { STEPS, type Trial } from '../tuning/measure.js';

const whole = (tile: Size, pictures: number): NativeOctave =>
  cutInTiles(tile, { tileSize: Math.max(tile.width, tile.height), pictures });

/** Steps of the plan's largest octave that are as much work as all of its steps. */
function stepsOf({ octaves, iterations }: NativePlan): number {
  const pixels = octaves.map(({ width, height }) => width * height);
  const all = pixels.reduce((sum, each, octave) => sum + each * (iterations[octave] as number), 0);
  return all / (pixels[pixels.length - 1] as number);
}

/** Noise, as what is the same everywhere has gradients of zeros. */
function noise(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => Math.imul(index, 2654435761) >>> 24);
}

/** What memory has no room for is never the fastest. */
function slowAsCanBe(error: unknown): Pick<NativeTimings, 'compile' | 'steps' | 'programsBuilt'> {
  if (!(error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_OUT_OF_MEMORY')) throw error;
  return { compile: 0, steps: Number.POSITIVE_INFINITY, programsBuilt: 0 };
}

/** Steps of so many pictures of one tile each, side by side. */
async function tryBatch(plan: NativePlan, tile: Size, batch: number, { ticket, station }: Call): Promise<Trial> {
  const [objective] = plan.objectives as [NativePlan['objectives'][number]];
  const trial: NativePlan = {
    ...plan,
    objectives: Array<typeof objective>(batch).fill(objective),
    octaves: [whole(tile, batch)],
    iterations: [STEPS],
    step: plan.step.slice(-1),
    output: 'uint8',
  };
  const pictures = noise(batch * tile.width * tile.height * 3);
  const { compile, steps, programsBuilt } = await ticket
    .native((cancellation) => station.engine.dream(trial, pictures, cancellation))
    .then(({ timings }) => timings)
    .catch(slowAsCanBe);
  // What builds a program counts as compiling: one step, or with a compiled loop all of them.
  const counted = programsBuilt > 0 ? STEPS - 1 : STEPS;
  return { step: steps > 0 ? steps / counted : compile / STEPS, compile };
}

/**
 * Finds out by measuring how many of so many pictures of this size, or of their tiles, are fastest side by side; where that is
 * known, was said by the caller, or is not worth the time, it does nothing.
 */
export async function lookAtBatches(request: Request, call: Call, picture: Size, pictures: number): Promise<void> {
  const { station, tuning } = call;
  if (!request.batches.free) return;
  const plan = request.plan(picture);
  const { rows, columns, tileWidth, tileHeight } = plan.octaves[plan.octaves.length - 1] as NativeOctave;
  const tile = { width: tileWidth, height: tileHeight };
  await tuning.look(request.batches.place(tile), {
    steps: stepsOf(plan),
    tiles: pictures * rows * columns,
    fits: (batch) => memoryNeeded([whole(tile, batch)], request.layer) <= station.memoryLimit,
    trial: (batch) => tryBatch(plan, tile, batch, call),
    hear: (other) => call.ticket.caller.hear(other),
  });
}
