/** How patient a download is: times in milliseconds. */
export interface Limits {
  /** To connect. */
  readonly connect: number;
  /** Without a byte. */
  readonly stall: number;
  /** After a failure that may pass, without much having come since the last one. */
  readonly retries: number;
  readonly firstDelay: number;
  readonly longestDelay: number;
}

export const LIMITS: Limits = { connect: 15_000, stall: 30_000, retries: 4, firstDelay: 500, longestDelay: 8000 };
