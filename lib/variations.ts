import type { NativeDream } from './binding/native.js';
import type { Dream } from './dream.js';
import { LiveDreamError } from './errors.js';
import type { OwnedPicture, Picture } from './image/source.js';
import { inJson } from './json.js';
import type { Objective } from './model/objective.js';
import type { GivenOptions } from './options/description.js';
import type { DREAM_OPTIONS, DreamOptions } from './options/dream-options.js';
import type { ObjectiveOptions } from './options/objective.js';
import { readDreamOptions } from './options/read-dream.js';
import { fractionDone } from './plan/plan.js';
import { type Call, dreamOf, type Request, requestOf } from './request.js';
import type { ResidentModel } from './resident-model.js';

type PlainOptions = GivenOptions<typeof DREAM_OPTIONS>;

/** What one of several dreams of a picture is to be, over what all of them have in common. */
export type Variation = Omit<PlainOptions, 'size' | 'page' | 'depth' | 'tileSize'> & ObjectiveOptions;

/** What all of them have in common, below what each of them says. */
export type SharedOptions = PlainOptions & {
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
  readonly objectives: readonly Objective[];
}

/**
 * The pixels of a batch: as many as one tile of a large picture has. Small pictures are faster side by side, as each operation
 * costs its launch once; above this they gain nothing, and cost memory.
 */
const BATCH_PIXELS = 512 * 512;
const MOST_PICTURES = 32;

/** What must be the same for dreams to be one batch. */
function keyOf({ plan }: Request, picture: Picture): string {
  const { objectives, ...rest } = plan(picture);
  const terms = objectives.flat().map(({ layer, kind }) => [layer, kind]);
  return JSON.stringify([terms, inJson(rest)]);
}

function fits({ plan, objective }: Request, picture: Picture, pictures: number): boolean {
  try {
    plan(picture, Array<Objective>(pictures).fill(objective));
    return true;
  } catch (error) {
    if (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_IMAGE_TOO_LARGE') return false;
    throw error;
  }
}

function mostPictures(request: Request, picture: Picture): number {
  const whole = request.plan(picture).octaves.every(({ rows, columns }) => rows * columns === 1);
  if (!whole) return 1;
  let most = Math.max(1, Math.min(MOST_PICTURES, Math.floor(BATCH_PIXELS / (picture.width * picture.height))));
  // Where one of them is within the memory limit, all of them are dreamed.
  while (most > 1 && !fits(request, picture, most)) most = Math.floor(most / 2);
  return most;
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
      objectives: filled.map((index) => (requests[index] as Request).objective),
    };
  });
}

/** What can be dreamed side by side, in the order of the first of each kind. */
export function batchesOf(requests: readonly Request[], picture: Picture, canBatch: boolean): Batch[] {
  const groups = new Map<string, number[]>();
  requests.forEach((request, index) => {
    const key = keyOf(request, picture);
    const group = groups.get(key);
    if (group) group.push(index);
    else groups.set(key, [index]);
  });
  return [...groups.values()].flatMap((indices) => {
    const most = canBatch ? mostPictures(requests[indices[0] as number] as Request, picture) : 1;
    return cutInBatches(requests, indices, most);
  });
}

/** The picture as often as the batch takes it. */
export function repeated(data: Picture['data'], times: number): Picture['data'] {
  if (times === 1) return data;
  const all =
    data instanceof Float32Array ? new Float32Array(data.length * times) : new Uint8Array(data.length * times);
  for (let time = 0; time < times; time += 1) all.set(data, time * data.length);
  return all;
}

/** The place's part of what a batch gave. */
export function partOf({ data, objectives, moved }: NativeDream, place: number): Omit<NativeDream, 'timings'> {
  const pictures = moved.length;
  const length = data.length / pictures;
  return {
    data: data.slice(place * length, (place + 1) * length),
    objectives: objectives.filter((_, index) => index % pictures === place),
    moved: [moved[place] as boolean],
  };
}

interface Work {
  readonly call: Call;
  readonly model: ResidentModel;
  readonly picture: OwnedPicture;
  readonly variations: readonly Variation[];
  readonly shared: SharedOptions;
  readonly emit: (dream: VariedDream) => void;
}

/** Whether the network takes pictures side by side: one that declares how many it takes does not. */
function takesBatches({ input }: ResidentModel): boolean {
  return input.shape === undefined || input.shape.startsWith('[?');
}

async function requestsOf({ call, model, variations, shared }: Work): Promise<Request[]> {
  const { signal: _signal, onProgress: _onProgress, ...common } = shared;
  return Promise.all(
    variations.map((variation) => {
      const given: DreamOptions = { ...common, ...variation };
      return requestOf(model, given, { ...call, asked: readDreamOptions(given) });
    }),
  );
}

/** Dreams of one picture in many ways, each as soon as it is finished. */
export async function dreamVariations(work: Work): Promise<void> {
  const { call, model, variations, shared, emit } = work;
  const { ticket, station } = call;
  const requests = await requestsOf(work);
  const [first] = requests;
  if (first === undefined) return;
  const picture = await first.decode(work.picture);
  const total = variations.length;
  const report = shared.onProgress && ticket.caller.safely(shared.onProgress);
  let done = 0;
  for (const { request, indices, objectives } of batchesOf(requests, picture, takesBatches(model))) {
    const plan = request.plan(picture, objectives);
    const result = await ticket.native((cancellation) =>
      station.engine.dream(plan, repeated(picture.data, objectives.length), cancellation, ({ octave, iteration }) =>
        report?.({ done, total, fraction: (done + indices.length * fractionDone(plan, octave, iteration)) / total }),
      ),
    );
    indices.forEach((index, place) => {
      const part = { ...partOf(result, place), timings: result.timings };
      const own = requests[index] as Request;
      emit({ index, dream: dreamOf(part, { ticket, station, request: own, plan, picture }) });
    });
    done += indices.length;
    report?.({ done, total, fraction: done / total });
  }
}
