import type { NativeEngine, NativeMode } from './binding/native.js';
import type { Station } from './engines.js';
import { errorOfField, LiveDreamError, optionTypeError } from './errors.js';
import { GUIDE_SIDE, type ReadGuide, readGuide } from './image/guide.js';
import type { Layer } from './model/layer.js';
import type { GuideFeatures, Term } from './model/terms.js';
import type { ResolvedDreamOptions } from './options/dream-options.js';
import type { GuidePicture, GuideRecord } from './options/terms.js';
import { makePlan } from './plan/plan.js';
import type { ResidentModel } from './resident-model.js';
import type { Ticket } from './ticket.js';

/** How many guides' features an engine's are kept of. */
const MOST_KEPT = 16;

type GuideTerm = Extract<Term, { kind: 'guide' }>;

/** By the device's engine, which has one model. */
const kept = new WeakMap<NativeEngine, Map<string, Float32Array>>();

function isRecord(guide: GuidePicture | GuideRecord): guide is GuideRecord {
  return typeof guide === 'object' && 'sha256' in guide && !('data' in guide);
}

function pictureOf({ guide, field }: GuideTerm): GuidePicture {
  if (!isRecord(guide)) return guide;
  throw optionTypeError(
    `${field}.guide`,
    `the picture of SHA-256 ${guide.sha256}: a dream's parameters tell which it was, and do not hold it`,
    guide,
  );
}

/** Not of a call that was cancelled or a device that failed, which others look at. */
function isOfPicture(error: unknown): boolean {
  return error instanceof LiveDreamError && error.code.startsWith('ERR_LIVEDREAM_IMAGE_');
}

/** What it takes to have the device look at a guide. */
export interface GuideWork {
  readonly ticket: Ticket;
  readonly station: Station;
  readonly model: ResidentModel;
  readonly options: ResolvedDreamOptions;
  readonly mode: NativeMode;
}

async function featuresOf(term: GuideTerm, { picture, sha256 }: ReadGuide, work: GuideWork): Promise<GuideFeatures> {
  const { ticket, station, model, options, mode } = work;
  const { engine, memoryLimit } = station;
  const { width, height, data } = picture;
  const layer: Layer = await ticket.hear(model.layer(term.layer));
  const key = [sha256, width, height, term.layer, term.match, mode.precision, mode.xla].join(' ');
  const known = kept.get(engine) ?? new Map<string, Float32Array>();
  kept.set(engine, known);
  let values = known.get(key);
  if (values === undefined) {
    const once = {
      ...options,
      octaves: 1,
      iterations: 1,
      step: 1,
      tileable: false,
      tileSize: GUIDE_SIDE,
      depth: 'uint8' as const,
    };
    const plan = makePlan({ picture, options: once, objectives: [[term]], layer, mode, memoryLimit });
    values = await ticket.native((cancellation) => engine.features(plan, data, cancellation));
  }
  // The one that was used last is the last that goes.
  known.delete(key);
  known.set(key, values);
  for (const oldest of known.keys()) if (known.size > MOST_KEPT) known.delete(oldest);
  return { sha256, key, rows: values.length / layer.channels, values };
}

/** Terms whose guides have been looked at, and what to say of these. */
export interface Guided {
  readonly terms: readonly Term[];
  readonly warnings: readonly string[];
}

/**
 * Reads the guides and has the device look at each once: a guide that it has seen at this size is not looked at again. Rejects
 * with ERR_LIVEDREAM_IMAGE_UNREADABLE or, for one that is too small for its layer, ERR_LIVEDREAM_IMAGE_TOO_SMALL.
 */
export async function withGuides(terms: readonly Term[], work: GuideWork): Promise<Guided> {
  const { caller } = work.ticket;
  const { memoryLimit } = work.station;
  const guides = new Map<string, ReadGuide>();
  const warnings: string[] = [];
  const read = async (term: GuideTerm): Promise<ReadGuide> => {
    const known = guides.get(term.field);
    if (known !== undefined) return known;
    const guide = await caller.hear(readGuide(pictureOf(term), { signal: caller.signal, mostBytes: memoryLimit }));
    guides.set(term.field, guide);
    const { given, picture } = guide;
    if (given.width !== picture.width || given.height !== picture.height)
      warnings.push(
        `The guide of ${term.field} was resized from ${given.width} x ${given.height} to ${picture.width} x ${picture.height} pixels.`,
      );
    return guide;
  };
  const looked: Term[] = [];
  for (const term of terms) {
    if (term.kind !== 'guide') {
      looked.push(term);
      continue;
    }
    try {
      looked.push({ ...term, features: await featuresOf(term, await read(term), work) });
    } catch (error) {
      throw isOfPicture(error) ? errorOfField(error, `${term.field}.guide`) : error;
    }
  }
  return { terms: looked, warnings };
}
