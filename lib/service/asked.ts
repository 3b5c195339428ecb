import accepts from 'accepts';
import type { FastifyRequest } from 'fastify';
import { LiveDreamError, optionRangeError } from '../errors.js';
import { readStart } from '../image/start.js';
import { ANSWER_OPTIONS, type AnswerOptions } from '../options/answer-options.js';
import type { OptionTable } from '../options/description.js';
import type { DreamOptions } from '../options/dream-options.js';
import type { Mask } from '../options/mask.js';
import { OBJECTIVE_OPTIONS } from '../options/objective.js';
import { parseValue } from '../options/parse.js';
import { readOptions, refuseUnknown } from '../options/read.js';
import { readDreamOptions } from '../options/read-dream.js';
import type { StartInput } from '../picture-input.js';
import { fromBase64 } from './base64.js';
import type { Asked } from './performer.js';
import { byRecipe } from './recipes.js';
import { CLIENT_OPTIONS, RESULT_TYPES, type ResultFormat } from './schemas.js';
import { withTermBytes } from './term-pictures.js';

type Query = Readonly<Record<string, string>>;

interface DreamBody extends AnswerOptions {
  /** Base64, or of a form the bytes. */
  readonly image?: string | Buffer;
  /** In the place of image. */
  readonly start?: StartInput;
  /** The same, where there is one. */
  readonly mask?: string | Buffer;
  readonly options?: DreamOptions;
  /** In the place of options. */
  readonly recipe?: unknown;
  readonly format?: ResultFormat;
}

export interface SeedBody {
  readonly file_data: string;
  readonly octaves?: number;
  readonly iterations?: number;
  readonly filter?: string;
}

function parsed(query: Query, table: OptionTable): Record<string, unknown> {
  const given = Object.entries(table).filter(([name]) => query[name] !== undefined);
  return Object.fromEntries(given.map(([name, as]) => [name, parseValue(name, as, query[name] as string)]));
}

/** A number is a channel's number; anything else its name. */
function channelOf(text: string): number | string {
  return /^\d{1,7}$/.test(text) ? Number(text) : text;
}

/** The options in an address. Throws TypeError or RangeError with a code. */
function queryOptions(query: Query): DreamOptions {
  const { filter, layer, channel } = query;
  const options: Record<string, unknown> = {
    ...parsed(query, CLIENT_OPTIONS),
    ...(filter === undefined ? {} : { filter }),
    ...(layer === undefined ? {} : { layer }),
    ...(channel === undefined ? {} : { channel: channelOf(channel) }),
  };
  return options as DreamOptions;
}

/** Throws TypeError or RangeError for what a client must not say or has said wrongly. */
function checked(options: DreamOptions): DreamOptions {
  refuseUnknown(options, [...Object.keys(CLIENT_OPTIONS), ...OBJECTIVE_OPTIONS, 'mask']);
  const read = withTermBytes(options);
  readDreamOptions(read);
  return read;
}

const EVENTS = 'text/event-stream';

/** Whether the client would rather hear of the dream as it is made. */
export function wantsEvents(request: FastifyRequest): boolean {
  return accepts(request.raw).type([...Object.values(RESULT_TYPES), EVENTS]) === EVENTS;
}

/** The format that the client takes. Throws ERR_LIVEDREAM_NOT_ACCEPTABLE where it takes none of ours. */
function formatOf(request: FastifyRequest, asked: ResultFormat | undefined): ResultFormat {
  if (asked !== undefined) return asked;
  const known = accepts(request.raw).type([...new Set<string>(Object.values(RESULT_TYPES))]);
  const found = (Object.keys(RESULT_TYPES) as ResultFormat[]).find((format) => RESULT_TYPES[format] === known);
  if (found) return found;
  if (wantsEvents(request)) return 'png';
  const types = Object.values(RESULT_TYPES).join(', ');
  throw new LiveDreamError('ERR_LIVEDREAM_NOT_ACCEPTABLE', `'Accept' allows none of ${types}.`);
}

/** What a request to /v1/dreams asks for: bytes with options in the address, or JSON or a form that has all of it. */
export function askedOf(request: FastifyRequest, model: string): Asked {
  const query = request.query as Query;
  if (Buffer.isBuffer(request.body)) {
    const format = formatOf(request, query['format'] as ResultFormat | undefined);
    const answer = readOptions(ANSWER_OPTIONS, parsed(query, ANSWER_OPTIONS) as AnswerOptions);
    return { picture: request.body, options: checked(queryOptions(query)), format, ...answer };
  }
  const [name] = Object.keys(query);
  if (name !== undefined) throw optionRangeError(name, 'given in the body, where the picture is', query[name]);
  const { image, start, mask, options = {}, format, ...answer } = byRecipe(request.body as DreamBody, model);
  const bytesOf = (field: string, given: string | Buffer): Buffer =>
    Buffer.isBuffer(given) ? given : fromBase64(field, given);
  // The schema has one of them given.
  const picture = image === undefined ? readStart(start as StartInput, 'start') : bytesOf('image', image);
  const sent = mask === undefined ? undefined : bytesOf('mask', mask);
  const masked =
    sent === undefined ? options : { ...options, mask: { ...Object(options.mask), picture: sent } as Mask };
  const asked = { options: checked(masked), format: formatOf(request, format), picture, ...answer };
  return sent === undefined ? asked : { ...asked, mask: sent };
}

/** What a request of the seed's app asks for. */
export function seedAsked({ file_data, ...options }: SeedBody): Asked {
  return { picture: fromBase64('file_data', file_data), options: checked(options), format: 'png', parameters: false };
}
