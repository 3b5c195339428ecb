/** What happened on the live socket since the service began; metrics are made of it. */
export interface LiveCounts {
  /** Now. */
  clients: number;
  /** All that were let in. */
  accepted: number;
  /** That were sent away, as there were too many. */
  refused: number;
  /** That were shut out: floods, too large, too many faults, silence. */
  shutOut: number;
  received: number;
  /** Frames that newer ones came in the place of. */
  dropped: number;
  dreamed: number;
  faults: number;
}

export function liveCounts(): LiveCounts {
  return { clients: 0, accepted: 0, refused: 0, shutOut: 0, received: 0, dropped: 0, dreamed: 0, faults: 0 };
}
