import { readSignal } from './options/control.js';
import type { GivenOptions, OptionTable } from './options/description.js';
import type { DreamOptions } from './options/dream-options.js';
import { readOptions } from './options/read.js';
import type { Call, Reading, Request } from './request.js';

/** What a channel answers to a picture, over all positions of its layer. */
export interface Response {
  readonly channel: number;
  readonly mean: number;
  /** At the position that answers most. */
  readonly most: number;
  readonly meanSquare: number;
}

/** The picture is one tile, as its answers are those of all of it. */
const RESPONSE_OPTIONS = {
  size: { kind: 'integer', default: 224, least: 8, most: 512, unit: 'pixels', about: '' },
} as const satisfies OptionTable;

export type ResponseOptions = GivenOptions<typeof RESPONSE_OPTIONS> & { readonly signal?: AbortSignal | undefined };

/** The dream whose network and picture they are, which is never dreamed. Throws TypeError or RangeError. */
export function responseOptions(layer: string, given: ResponseOptions): DreamOptions {
  const { size } = readOptions(RESPONSE_OPTIONS, given, ['signal']);
  // A tile is never as small as that; a picture may be.
  return { layer, octaves: 1, size, tileSize: Math.max(size, 32), signal: readSignal(given.signal) };
}

export async function responsesOf(request: Request, { ticket, station }: Call, reading: Reading): Promise<Response[]> {
  const { width, height, data } = await reading.for(request);
  const { mean, most, meanSquare } = await ticket.native((cancellation) =>
    station.engine.answers(request.plan({ width, height }), data, cancellation),
  );
  return Array.from(mean, (value, channel) => ({
    channel,
    mean: value,
    most: most[channel] as number,
    meanSquare: meanSquare[channel] as number,
  }));
}
