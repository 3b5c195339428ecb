import { performance } from 'node:perf_hooks';
import { takesBatches } from './batch/takes-batches.js';
import type { NativeDream, NativePlan, NativeProgress } from './binding/native.js';
import { Dream, type DreamParameters, type DreamParts } from './dream.js';
import type { DeviceFault, Station } from './engines.js';
import { optionRangeError } from './errors.js';
import { withGuides } from './guide.js';
import { type DecodeOptions, decode } from './image/decode.js';
import { fitted } from './image/open.js';
import { type OwnedPicture, own, type Picture, type PictureInput } from './image/source.js';
import { withJson } from './json.js';
import { madeBy } from './made.js';
import type { FittedMasks, MaskReadings } from './masks.js';
import type { Layer } from './model/layer.js';
import { silentWarning } from './model/silent.js';
import { type ObjectiveRecord, type Term, type TermRecord, termRecord } from './model/terms.js';
import type { DreamOptions, DreamProgress } from './options/dream-options.js';
import { withPresets } from './options/preset.js';
import { type CheckedDreamOptions, readDreamOptions } from './options/read-dream.js';
import { recordOptions } from './options/recorded.js';
import { type Estimate, estimateOf } from './plan/estimate.js';
import { fractionDone, type PlanRequest, planWithin, regionalPlan } from './plan/plan.js';
import { deepest, withProducts } from './plan/terms.js';
import { cutInTiles } from './plan/tiles.js';
import type { ResidentModel } from './resident-model.js';
import type { Size } from './size.js';
import type { Ticket } from './ticket.js';
import type { TuningPlace } from './tuning/key.js';
import type { Tuning } from './tuning/tuning.js';

/** A call that was let in. */
export interface Admitted {
  readonly ticket: Ticket;
  readonly asked: CheckedDreamOptions;
  readonly tuning: Tuning;
  /** Of all pictures of the call. */
  readonly mask: MaskReadings | undefined;
}

/** One call under way, on a device. */
export interface Call extends Admitted {
  readonly station: Station;
  /** Of devices that failed at it before this one. */
  readonly faults: readonly DeviceFault[];
}

/** A picture as it was read for a call. */
export interface ReadPicture extends Picture {
  /** Milliseconds that reading it took. */
  readonly decode: number;
}

/** What is known of computing side by side. */
export interface RequestBatches {
  /** Whether it may be measured: the network takes several pictures, and nobody said how many. */
  readonly free: boolean;
  /** How many pictures of this size, each one tile, are one batch at best; what memory lets is another matter. */
  readonly most: (picture: Size) => number;
  /** Where tiles of this size are computed. */
  readonly place: (tile: Size) => TuningPlace;
}

/** A dream that a call was asked for, with what the model says of it. */
export interface Request {
  /** What is climbed, the sum of these. */
  readonly terms: readonly Term[];
  /** The deepest of the terms' layers, with the most that any of them asks for. */
  readonly layer: Layer;
  /** For a picture of this size; with several objectives, each for a picture of its own, as one batch. */
  readonly plan: (picture: Size, objectives?: readonly (readonly Term[])[]) => NativePlan;
  /** What its dream needs, of a picture of this size before `size` is applied. */
  readonly estimate: (picture: Size) => Estimate;
  readonly batches: RequestBatches;
  /** What to say of it, whatever the picture. */
  readonly warnings: readonly string[];
  /** With `hashed` also what tells the picture from others. */
  readonly decode: (picture: OwnedPicture, how?: Pick<DecodeOptions, 'hashed'>) => Promise<ReadPicture>;
  /** Of the picture as it was read; undefined where it is dreamed everywhere. */
  readonly mask: (picture: Picture) => Promise<FittedMasks | undefined>;
  readonly parameters: (plan: NativePlan, mask?: FittedMasks | undefined) => DreamParameters;
}

/** The options given, over those of the filter and the model. Rejects with ERR_LIVEDREAM_FILTER_UNKNOWN, _LAYER_UNKNOWN or _CHANNEL_UNKNOWN, or a RangeError. */
export async function requestOf(
  model: ResidentModel,
  given: DreamOptions,
  { ticket, station, asked, tuning, mask }: Call,
): Promise<Request> {
  const resolved = model.resolve(asked.objective);
  const { filter, presets } = resolved;
  const wholeLayer = resolved.terms.some(({ kind }) => kind === 'layer');
  if (!wholeLayer && (given.equalize ?? 'none') !== 'none')
    throw optionRangeError('equalize', 'left out where channels are dreamed, and not a whole layer', given.equalize);
  const { options: preset } = readDreamOptions(withPresets(given, ...presets));
  const options = wholeLayer ? preset : { ...preset, equalize: 'none' as const };
  const deep = await ticket.hear(deepestOf(resolved.terms, model));
  const fewerOctaves = given.octaves === undefined;
  const { xla, loop, precision, rewrites } = station.choice;
  const mode = { xla, loop, precision, rewrites };
  const { memoryLimit } = station;
  const { terms, warnings } = await withGuides(resolved.terms, { ticket, station, model, options, mode });
  const layer = withProducts(deep, terms);
  const regional = terms.some(({ region }) => region !== undefined);
  const masked = mask !== undefined;
  const recordOf = (term: Term, masks?: FittedMasks): TermRecord => {
    const mask = term.region === undefined ? undefined : masks?.regions[term.region]?.recorded;
    return { ...termRecord(term), ...(mask ? { mask } : {}) };
  };
  const objectiveOf = (masks?: FittedMasks): ObjectiveRecord =>
    Array.isArray(resolved.objective) ? terms.map((term) => recordOf(term, masks)) : resolved.objective;
  const possible = takesBatches(model.input);
  // Terms with masks look over all tiles of one picture.
  const fixed = possible && !regional ? options.batch : 1;
  const where = { device: station.choice.device, gpuBytes: station.gpuBytes, mode, layer };
  const place: RequestBatches['place'] = (tile) => ({ ...where, tile });
  const tilesAtOnce = (picture: Size): number => {
    const { tileWidth, tileHeight } = cutInTiles(picture, { tileSize: options.tileSize });
    return tuning.measuredBatch(place({ width: tileWidth, height: tileHeight }));
  };
  const common = { options, layer, fewerOctaves, mode, masked };
  const planOf = (wanted: Pick<PlanRequest, 'picture' | 'objectives' | 'memoryLimit' | 'batch'>): NativePlan => {
    if (regional) return regionalPlan({ ...common, ...wanted, ...(possible ? {} : { batch: 1 }) });
    return planWithin({ ...common, batch: fixed ?? tilesAtOnce(wanted.picture), ...wanted });
  };
  const plan: Request['plan'] = (picture, objectives = [terms]) => planOf({ picture, objectives, memoryLimit });
  const { size, page } = options;
  const { signal } = ticket.caller;
  const reading = { size, page, check: (found: Size) => void plan(found), mostBytes: memoryLimit, signal };
  const read: Request['decode'] = async (picture, how) => {
    const start = performance.now();
    const decoded = await ticket.hear(decode(picture, { ...reading, ...how }));
    return { ...decoded, decode: performance.now() - start };
  };
  return {
    terms,
    layer,
    plan,
    estimate: (given) => {
      const [picture, objectives] = [fitted(given, options.size), [terms]];
      return estimateOf({ ...common, objectives, memoryLimit }, (limit, batch) =>
        planOf({ picture, objectives, memoryLimit: limit, ...(batch === undefined ? {} : { batch }) }),
      );
    },
    warnings,
    batches: { free: fixed === undefined, most: (picture) => fixed ?? tuning.batch(place(picture)), place },
    decode: read,
    mask: async (picture) => mask && ticket.hear(mask.for(picture, { mostBytes: memoryLimit, signal })),
    parameters: ({ octaves, iterations, step }, fitted) =>
      withJson({
        model: model.name,
        modelSha256: model.sha256,
        objective: objectiveOf(fitted),
        ...(filter === undefined ? {} : { filter }),
        // In the order of the options' table, whether it was given or measured: pictures hold it as text. With so many at most,
        // each octave has the same batches again.
        ...recordOptions({ ...options, batch: Math.max(...octaves.map(({ batch }) => batch)) }),
        // Of the octaves that the picture had: with as many the lists fit.
        ...(typeof options.iterations === 'number' ? {} : { iterations }),
        ...(typeof options.step === 'number' ? {} : { step }),
        ...(fitted?.recorded === undefined ? {} : { mask: fitted.recorded }),
        octaves: octaves.length,
        width: octaves[octaves.length - 1]?.width ?? 0,
        height: octaves[octaves.length - 1]?.height ?? 0,
      }),
  };
}

async function deepestOf(terms: readonly Term[], model: ResidentModel): Promise<Layer> {
  const names = [...new Set(terms.map(({ layer }) => layer))];
  const layers = (await Promise.all(names.map((name) => model.layer(name)))) as [Layer, ...Layer[]];
  return layers.length === 1 ? layers[0] : deepest(layers, await model.cost(names));
}

/** A picture that a call was given: what lies in the caller's memory is copied at once, and read when a device first needs it. */
export class Reading {
  readonly #owned: OwnedPicture;
  #read: Promise<ReadPicture> | undefined;

  constructor(picture: PictureInput) {
    this.#owned = own(picture);
  }

  /** Once, for whatever request of the call comes first: a stream cannot be read again for another device. */
  for({ decode }: Pick<Request, 'decode'>): Promise<ReadPicture> {
    this.#read ??= decode(this.#owned, { hashed: true });
    return this.#read;
  }
}

function faultWarning({ device, error }: DeviceFault, { choice }: Station): string {
  // TensorFlow's own text may go on for pages.
  const [why] = (error.cause instanceof Error ? error.cause.message : error.message).split('\n', 1);
  return `${device} failed at this picture, and ${choice.device} dreamed it: ${why}`;
}

/** How a picture came to its dream. */
export interface DreamedOn extends Pick<Call, 'station' | 'faults'> {
  /** Milliseconds since the picture was given. */
  readonly elapsed: number;
  readonly request: Request;
  readonly plan: NativePlan;
  readonly picture: ReadPicture;
  readonly mask?: FittedMasks | undefined;
}

export function dreamPartsOf({ data, objectives, moved, timings }: NativeDream, of: DreamedOn): DreamParts {
  const { elapsed, station, faults, request, plan, picture, mask } = of;
  const { width, height, alpha, decode: reading } = picture;
  return {
    ...{ width, height, data, objectives },
    ...(alpha ? { alpha } : {}),
    parameters: request.parameters(plan, mask),
    timings: { ...timings, decode: reading, queued: elapsed - reading - timings.total },
    choice: station.choice,
    warnings: [
      ...(mask?.warnings ?? []),
      ...faults.map((fault) => faultWarning(fault, station)),
      ...request.warnings,
      ...(moved[0] ? [] : [silentWarning(request.terms, request.layer)]),
    ],
  };
}

/** What became of a picture on an engine. */
export function dreamOf(result: NativeDream, of: DreamedOn): Dream {
  const { picture, plan, station } = of;
  const { source } = picture;
  const made = source && {
    made: madeBy(station.choice, station.tensorflow),
    source,
    together: plan.objectives.length,
  };
  return new Dream({ ...dreamPartsOf(result, of), ...(made ? { made } : {}) });
}

export function describeProgress(plan: NativePlan, { octave, iteration, objective }: NativeProgress): DreamProgress {
  const fraction = fractionDone(plan, octave, iteration);
  const iterations = plan.iterations[octave] as number;
  return { octave, octaves: plan.octaves.length, iteration, iterations, fraction, objective };
}
