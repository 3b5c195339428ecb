/** Counters of an engine since it was made: they show that nothing is done twice. */
export interface Statistics {
  readonly graphImports: number;
  readonly weightUploads: number;
  readonly programsBuilt: number;
  readonly programsEvicted: number;
  readonly programsCached: number;
  /** What the cached programs take, estimated. */
  readonly programBytes: number;
  readonly weightBytes: number;
  /** What V8 was told of as external memory, so that it collects a forgotten Dreamer in time. */
  readonly externalBytes: number;
  readonly steps: number;
}
