/** How patient a download is: times in milliseconds. */
export interface Limits {
  /** Without a byte, of a connection or an answer. */
  readonly stall: number;
  /** After a failure that may pass, without much having come since the last one. */
  readonly retries: number;
  readonly firstDelay: number;
  readonly longestDelay: number;
}

export const LIMITS: Limits = { stall: 30_000, retries: 4, firstDelay: 500, longestDelay: 8000 };
