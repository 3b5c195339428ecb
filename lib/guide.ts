import type { NativeEngine, NativeMode } from './binding/native.js';
import type { Station } from './engines.js';
import { optionTypeError } from './errors.js';
import { decode } from './image/decode.js';
import { resizedRaw } from './image/raw.js';
import { own, type Picture } from './image/source.js';
import type { Layer } from './model/layer.js';
import type { GuideFeatures, Term } from './model/terms.js';
import type { ResolvedDreamOptions } from './options/dream-options.js';
import type { GuidePicture, GuideRecord } from './options/terms.js';
import { makePlan } from './plan/plan.js';
import type { ResidentModel } from './resident-model.js';
import type { Size } from './size.js';
import type { Ticket } from './ticket.js';

/**
 * The longest side of a guide, in pixels: what most networks were trained on, so that they see in it what they know; its
 * features are compared with every position of every tile, so a larger one costs its square.
 */
export const GUIDE_SIDE = 224;

/** How many guides' features an engine's are kept of. */
const MOST_KEPT = 16;

type GuideTerm = Extract<Term, { kind: 'guide' }>;

/** A guide as the network is to see it, and what it was before. */
interface Guide {
  readonly picture: Picture;
  readonly sha256: string;
  readonly given: Size;
}

/** By the device's engine, which has one model. */
const kept = new WeakMap<NativeEngine, Map<string, Float32Array>>();

function isRecord(guide: GuidePicture | GuideRecord): guide is GuideRecord {
  return typeof guide === 'object' && 'sha256' in guide && !('data' in guide);
}

async function readGuide({ guide, field }: GuideTerm, { caller }: Ticket, mostBytes: number): Promise<Guide> {
  if (isRecord(guide))
    throw optionTypeError(
      `${field}.guide`,
      `the picture of SHA-256 ${guide.sha256}: a dream's parameters tell which it was, and do not hold it`,
      guide,
    );
  const { signal } = caller;
  const options = { size: undefined, page: undefined, check: () => undefined, hashed: true, mostBytes, signal };
  const picture = await caller.hear(decode(own(guide), options));
  const { width, height } = picture;
  const scale = Math.min(1, GUIDE_SIDE / Math.max(width, height));
  const side = (length: number): number => Math.max(1, Math.round(length * scale));
  const sized = scale === 1 ? picture : await resizedRaw(picture, { width: side(width), height: side(height) });
  return { picture: sized, sha256: picture.source?.sha256 ?? '', given: { width, height } };
}

/** What it takes to have the device look at a guide. */
export interface GuideWork {
  readonly ticket: Ticket;
  readonly station: Station;
  readonly model: ResidentModel;
  readonly options: ResolvedDreamOptions;
  readonly mode: NativeMode;
}

async function featuresOf(term: GuideTerm, { picture, sha256 }: Guide, work: GuideWork): Promise<GuideFeatures> {
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
      tileSize: Math.max(GUIDE_SIDE, 32),
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
  const guides = new Map<string, Guide>();
  const warnings: string[] = [];
  const looked: Term[] = [];
  for (const term of terms) {
    if (term.kind !== 'guide') {
      looked.push(term);
      continue;
    }
    let guide = guides.get(term.field);
    if (guide === undefined) {
      guide = await readGuide(term, work.ticket, work.station.memoryLimit);
      guides.set(term.field, guide);
      const { given, picture } = guide;
      if (given.width !== picture.width || given.height !== picture.height)
        warnings.push(
          `The guide of ${term.field} was resized from ${given.width} x ${given.height} to ${picture.width} x ${picture.height} pixels.`,
        );
    }
    looked.push({ ...term, features: await featuresOf(term, guide, work) });
  }
  return { terms: looked, warnings };
}
