import { failureOf } from '../jobs/failure.js';

/** A film cannot be made, as one of its segments failed for good: `cause` is why. It is not tried again, as the segment was. */
export class SegmentFailed extends Error {
  override readonly cause: Error;

  constructor(failure: string) {
    const cause = failureOf(failure);
    super(cause.message);
    this.cause = cause;
  }
}
