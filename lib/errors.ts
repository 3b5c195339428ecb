import { ERROR_CODES, type ErrorCode } from './error-codes.js';

export interface LiveDreamErrorOptions {
  /** What lies under it: TensorFlow's text, a file system error. */
  readonly cause?: unknown;
  /** Where in the dream it happened (0 is the smallest octave), where that applies. */
  readonly octave?: number;
  /** What repairs it, where that is known better than the code tells. */
  readonly repair?: string;
  /** The iteration within the octave, from 0, where that applies. */
  readonly iteration?: number;
}

/**
 * Every error that livedream rejects with, but for wrong options: those are a TypeError or RangeError, whose `code` is
 * ERR_LIVEDREAM_OPTION_TYPE or ERR_LIVEDREAM_OPTION_RANGE. What every code means: `ERROR_CODES`.
 * @example
 * ```ts
 * import { LiveDreamError } from 'livedream';
 *
 * const dream = await dreamer.dream('no-such.jpg').catch((error: unknown) => {
 *   if (!(error instanceof LiveDreamError)) throw error;
 *   console.log(error.code, error.message); // ERR_LIVEDREAM_IMAGE_UNREADABLE, and what repairs it
 * });
 * ```
 */
export class LiveDreamError extends Error {
  /** `LiveDreamError`; of a cancelled call `AbortError`, by which Node's users know it. */
  override readonly name: 'LiveDreamError' | 'AbortError';
  readonly code: ErrorCode;
  readonly octave?: number;
  readonly iteration?: number;

  /** @param message what happened, with which value; what repairs it is added. */
  constructor(code: ErrorCode, message: string, options: LiveDreamErrorOptions = {}) {
    const repair = options.repair ?? ERROR_CODES[code].repair;
    super(
      repair === '' ? message : `${message} ${repair}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = code === 'ERR_LIVEDREAM_ABORTED' ? 'AbortError' : 'LiveDreamError';
    this.code = code;
    if (options.octave !== undefined) this.octave = options.octave;
    if (options.iteration !== undefined) this.iteration = options.iteration;
  }
}

/** The same error with the field that it is of before what it says; others than ours as they are. */
export function errorOfField(error: unknown, field: string): unknown {
  if (!(error instanceof LiveDreamError)) return error;
  const { code, cause } = error;
  // Which the error that takes its place adds again.
  const message = error.message.replace(` ${ERROR_CODES[code].repair}`, '');
  return new LiveDreamError(code, `'${field}': ${message}`, { cause });
}

/** A value as messages show it. */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `an object of class ${value.constructor?.name ?? 'null'}`;
  if (typeof value === 'function') return 'a function';
  return String(value);
}

/** A TypeError with `code` ERR_LIVEDREAM_OPTION_TYPE that names the option, what was expected and what came. */
export function optionTypeError(option: string, expected: string, value: unknown): TypeError & { code: ErrorCode } {
  const error = new TypeError(
    `Option '${option}' must be ${expected}, but is ${describeValue(value)} (${typeof value}).`,
  );
  return Object.assign(error, { code: 'ERR_LIVEDREAM_OPTION_TYPE' as const });
}

/** A RangeError with `code` ERR_LIVEDREAM_OPTION_RANGE that names the option, what is allowed and what came. */
export function optionRangeError(option: string, expected: string, value: unknown): RangeError & { code: ErrorCode } {
  const error = new RangeError(`Option '${option}' must be ${expected}, but is ${describeValue(value)}.`);
  return Object.assign(error, { code: 'ERR_LIVEDREAM_OPTION_RANGE' as const });
}
