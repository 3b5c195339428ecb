import type { ErrorCode } from '../error-codes.js';
import { LiveDreamError } from '../errors.js';

/** What a client reads of a request that failed. */
export interface Fault {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Seconds after which to try again, where that may help. */
  readonly retryAfter?: number;
}

/** A dream takes seconds: sooner the queue is hardly shorter. */
export const RETRY_AFTER = 5;

/** Statuses of what a client can repair; all else is a 500 that tells nothing of the machine. */
const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  ERR_LIVEDREAM_OPTION_TYPE: 400,
  ERR_LIVEDREAM_OPTION_RANGE: 400,
  ERR_LIVEDREAM_LAYER_UNKNOWN: 400,
  ERR_LIVEDREAM_MODEL_UNKNOWN: 404,
  ERR_LIVEDREAM_FILTER_UNKNOWN: 400,
  ERR_LIVEDREAM_CHANNEL_RANGE: 400,
  ERR_LIVEDREAM_CHANNEL_UNKNOWN: 400,
  ERR_LIVEDREAM_REQUEST_UNREADABLE: 400,
  ERR_LIVEDREAM_RECIPE_UNREADABLE: 400,
  ERR_LIVEDREAM_RECIPE_NEWER: 400,
  ERR_LIVEDREAM_UNAUTHORIZED: 401,
  ERR_LIVEDREAM_MESSAGE_UNREADABLE: 400,
  ERR_LIVEDREAM_ORIGIN_REFUSED: 403,
  ERR_LIVEDREAM_NOT_ACCEPTABLE: 406,
  ERR_LIVEDREAM_IMAGE_TOO_LARGE: 413,
  ERR_LIVEDREAM_IMAGE_UNREADABLE: 422,
  ERR_LIVEDREAM_IMAGE_TOO_SMALL: 422,
  ERR_LIVEDREAM_IMAGE_ANIMATED: 422,
  ERR_LIVEDREAM_NOT_DIFFERENTIABLE: 422,
  ERR_LIVEDREAM_NOT_FINITE: 422,
  ERR_LIVEDREAM_OUTPUT_UNWRITABLE: 422,
  ERR_LIVEDREAM_UPGRADE_REQUIRED: 426,
  ERR_LIVEDREAM_LIVE_CHANGES: 429,
  ERR_LIVEDREAM_QUEUE_FULL: 503,
  ERR_LIVEDREAM_ABORTED: 503,
  ERR_LIVEDREAM_DISPOSED: 503,
  ERR_LIVEDREAM_OUT_OF_MEMORY: 503,
  ERR_LIVEDREAM_FARM_QUEUE: 503,
  ERR_LIVEDREAM_FARM_STORE: 503,
  ERR_LIVEDREAM_FARM_REFUSED: 503,
};

/** What to tell of those whose own words are for the program's author. */
const MESSAGES: Readonly<Record<string, string>> = {
  ERR_LIVEDREAM_QUEUE_FULL: 'More dreams wait here than the queue holds. Try again later.',
  ERR_LIVEDREAM_ABORTED: 'The dream was cancelled: it took longer than this service allows, or the service stops.',
  ERR_LIVEDREAM_DISPOSED: 'The service stops.',
  ERR_LIVEDREAM_FARM_QUEUE: 'The service does not reach its farm. Try again later.',
  ERR_LIVEDREAM_FARM_STORE: "The store of the service's farm cannot be used. Try again later.",
  ERR_LIVEDREAM_FARM_REFUSED: 'No worker is there that dreams this. Try again later.',
};

/** What the schemas found, as Fastify hands it on. */
interface Found {
  readonly instancePath: string;
  readonly keyword: string;
  readonly message?: string;
  readonly params: Readonly<Record<string, unknown>>;
}

interface Thrown {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly message?: unknown;
  readonly validation?: readonly Found[];
  readonly validationContext?: string;
}

function invalid(found: Found | undefined, where: string): Fault {
  const code: ErrorCode = found?.keyword === 'type' ? 'ERR_LIVEDREAM_OPTION_TYPE' : 'ERR_LIVEDREAM_OPTION_RANGE';
  const name = found?.params['additionalProperty'];
  const extra = typeof name === 'string' ? `: '${name.slice(0, 60)}'` : '';
  const message = `${where}${found?.instancePath ?? ''} ${found?.message ?? 'is not valid'}${extra}.`;
  return { status: 400, code, message };
}

/** What an address names is not there; of an option the same code is a 400. */
export class AbsentError extends LiveDreamError {}

/** A refusal of now, whose end can be estimated. */
export class LaterError extends LiveDreamError {
  /** Seconds. */
  readonly retryAfter: number;

  constructor(code: ErrorCode, message: string, retryAfter: number) {
    super(code, message);
    this.retryAfter = retryAfter;
  }
}

/** What an error is to the client that caused it. */
export function faultOf(error: unknown): Fault {
  const { code, statusCode, message, validation, validationContext } = error as Thrown;
  if (validation) return invalid(validation[0], validationContext ?? 'request');
  const known = Object.hasOwn(STATUSES, String(code)) ? STATUSES[code as ErrorCode] : undefined;
  if (known !== undefined) {
    const told = {
      status: error instanceof AbsentError ? 404 : known,
      code: String(code),
      message: MESSAGES[String(code)] ?? String(message),
    };
    const retryAfter = error instanceof LaterError ? error.retryAfter : RETRY_AFTER;
    return known === 503 ? { ...told, retryAfter } : told;
  }
  // Fastify's own: no JSON, a body too large, a type that nobody reads.
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, code: String(code ?? 'FST_ERR'), message: String(message) };
  return { status: 500, code: 'ERR_LIVEDREAM_INTERNAL', message: 'The service failed; its log says why.' };
}

/** ERR_LIVEDREAM_UNAUTHORIZED. */
export function unauthorized(): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_UNAUTHORIZED', 'The token is missing or wrong.');
}
