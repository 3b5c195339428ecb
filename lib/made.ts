import sharp from 'sharp';
import type { Choice } from './device.js';
import type { SourceFacts } from './image/source-facts.js';
import { packageVersion } from './version.js';

/** What a dream was made by, beside its options and its model: what may make another machine's dream another. */
export interface MadeBy {
  readonly tensorflow: string;
  /** Which decodes, resizes and encodes pictures. */
  readonly sharp: string;
  readonly device: 'cpu' | 'gpu';
  readonly xla: boolean;
  readonly loop: Choice['loop'];
  readonly precision: Choice['precision'];
  readonly rewrites: Choice['rewrites'];
}

/** What a picture holds of its dream beside the dream's parameters; the page's downloads hold only `livedream`. */
export interface WrittenFacts {
  /** The version of livedream. */
  readonly livedream: string;
  /** The version of this description; what has none was written before there were versions. */
  readonly record?: number;
  readonly made?: MadeBy;
  readonly source?: SourceFacts;
  /** How many pictures were computed side by side, which decides how sums are rounded. */
  readonly together?: number;
  /** Of JPEG, WebP and AVIF. */
  readonly quality?: number;
}

/** Of what is written here; pictures of a later one are refused. */
export const RECORD = 2;

/** Of parameters: the first that can read them, so that an older livedream says that they are newer than it is. */
function recordOf({ objective }: { readonly objective: unknown }): number {
  return Array.isArray(objective) ? 2 : 1;
}

export function madeBy({ device, xla, loop, precision, rewrites }: Choice, tensorflow: string): MadeBy {
  const kind = device.startsWith('GPU') ? 'gpu' : 'cpu';
  return { tensorflow, sharp: sharp.versions.sharp ?? '', device: kind, xla, loop, precision, rewrites };
}

const livedream = packageVersion();

/** What is known of a dream from when it is made. */
export type DreamMade = Required<Pick<WrittenFacts, 'made' | 'source' | 'together'>>;

export function writtenFacts(
  made: DreamMade,
  quality: number,
  parameters: { readonly objective: unknown },
): Required<WrittenFacts> {
  return { livedream, record: recordOf(parameters), ...made, quality };
}
