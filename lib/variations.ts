import { partOf, repeated } from './batch/data.js';
import { lookAtBatches } from './batch/look.js';
import { mostPictures } from './batch/size.js';
import type { Dream } from './dream.js';
import type { Emit } from './emitted.js';
import { optionRangeError } from './errors.js';
import type { Picture } from './image/source.js';
import { inJson } from './json.js';
import { maskedPlan } from './masks.js';
import type { Term } from './model/terms.js';
import type { GivenOptions } from './options/description.js';
import type { DREAM_OPTIONS, DreamOptions } from './options/dream-options.js';
import type { Mask } from './options/mask.js';
import { refuseTermMasks } from './options/mask-terms.js';
import type { ObjectiveOptions } from './options/objective.js';
import { readDreamOptions } from './options/read-dream.js';
import { fractionDone } from './plan/plan.js';
import { type Call, dreamOf, type Reading, type Request, requestOf } from './request.js';
import type { ResidentModel } from './resident-model.js';

type PlainOptions = GivenOptions<typeof DREAM_OPTIONS>;

/** What one of several dreams of a picture is to be, over what all of them have in common. */
export type Variation = Omit<PlainOptions, 'size' | 'page' | 'depth' | 'tileSize' | 'batch'> & ObjectiveOptions;

/** What all of them have in common, below what each of them says. */
export type SharedOptions = PlainOptions & {
  /** Where to dream in all of them. */
  readonly mask?: Mask | undefined;
  /** Cancels those that are not finished. */
  readonly signal?: AbortSignal | undefined;
  /** Called after steps; what it throws cancels the rest. */
  readonly onProgress?: ((progress: VariationsProgress) => unknown) | undefined;
};

/** One of several dreams of a picture. */
export interface VariedDream {
  /** Its place among the variations. */
  readonly index: number;
  readonly dream: Dream;
}

export interface VariationsProgress {
  /** Dreams that are finished. */
  readonly done: number;
  readonly total: number;
  /** 0..1 of the work, where every dream counts as much. */
  readonly fraction: number;
}

/** Dreams that one program makes, side by side, or one by itself. */
export interface Batch {
  readonly request: Request;
  /** Places among the variations, each once. */
  readonly indices: readonly number[];
  /** For each picture of the batch; more than indices where the batch is filled up. */
  readonly objectives: readonly (readonly Term[])[];
}

/** What must be the same for dreams to be one batch. */
function keyOf({ plan }: Request, picture: Picture): string {
  const { objectives, ...rest } = plan(picture);
  const terms = objectives.flat().map(({ layer, kind, guide }) => [layer, kind, guide?.key]);
  return JSON.stringify([terms, inJson(rest)]);
}

/** Batches of equal size for all of one kind, so that they share their programs; the last is filled up with its first. */
function cutInBatches(requests: readonly Request[], indices: readonly number[], most: number): Batch[] {
  const count = Math.ceil(indices.length / most);
  const size = Math.ceil(indices.length / count);
  return Array.from({ length: count }, (_, batch) => {
    const own = indices.slice(batch * size, (batch + 1) * size);
    const filled = Array.from({ length: size }, (_unused, place) => own[place] ?? (own[0] as number));
    return {
      request: requests[own[0] as number] as Request,
      indices: own,
      objectives: filled.map((index) => (requests[index] as Request).terms),
    };
  });
}

/** What can be dreamed side by side, in the order of the first of each kind; how many at a time is looked at when it comes to them. */
async function* batchesOf(
  requests: readonly Request[],
  picture: Picture,
  { call, given }: Pick<Work, 'call' | 'given'>,
): AsyncGenerator<Batch> {
  const groups = new Map<string, number[]>();
  requests.forEach((request, index) => {
    if (given.has(index)) return;
    const key = keyOf(request, picture);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  for (const indices of groups.values()) {
    const request = requests[indices[0] as number] as Request;
    await lookAtBatches(request, call, picture, indices.length);
    yield* cutInBatches(requests, indices, mostPictures(request, picture));
  }
}

interface Work {
  readonly call: Call;
  readonly model: ResidentModel;
  readonly reading: Reading;
  readonly variations: readonly Variation[];
  readonly shared: SharedOptions;
  readonly emit: Emit<VariedDream>;
  /** Places of those that were given: another device, before this one failed, may have made some. */
  readonly given: Set<number>;
}

async function requestsOf({ call, model, variations, shared }: Work): Promise<Request[]> {
  const { signal: _signal, onProgress: _onProgress, ...common } = shared;
  return Promise.all(
    variations.map((variation) => {
      const { mask } = variation as DreamOptions;
      if (mask !== undefined) throw optionRangeError('mask', 'left out of a variation, as all have one', mask);
      const given: DreamOptions = { ...common, ...variation };
      const asked = readDreamOptions(given);
      refuseTermMasks(asked.objective, 'a variation, as all have one picture and one mask');
      return requestOf(model, given, { ...call, asked });
    }),
  );
}

/** Dreams of one picture in many ways, each as soon as it is finished. */
export async function dreamVariations(work: Work): Promise<void> {
  const { call, variations, shared, emit, given } = work;
  const { ticket, station, faults } = call;
  const requests = await requestsOf(work);
  const [first] = requests;
  if (first === undefined) return;
  const picture = await work.reading.for(first);
  const mask = await first.mask(picture);
  const total = variations.length;
  const report = shared.onProgress && ticket.caller.safely(shared.onProgress);
  let done = given.size;
  for await (const { request, indices, objectives } of batchesOf(requests, picture, work)) {
    const plan = maskedPlan(request.plan(picture, objectives), mask);
    const result = await ticket.native((cancellation) =>
      station.engine.dream(plan, repeated(picture.data, objectives.length), cancellation, ({ octave, iteration }) =>
        report?.({ done, total, fraction: (done + indices.length * fractionDone(plan, octave, iteration)) / total }),
      ),
    );
    indices.forEach((index, place) => {
      const part = { ...partOf(result, place), timings: result.timings };
      const own = requests[index] as Request;
      const { elapsed } = ticket;
      given.add(index);
      void emit({ index, dream: dreamOf(part, { elapsed, station, faults, request: own, plan, picture, mask }) });
    });
    done += indices.length;
    report?.({ done, total, fraction: done / total });
  }
}
