import type { Call, Reading, Request } from './request.js';

/** The gradient of an objective at a picture. */
export interface Gradient {
  readonly width: number;
  readonly height: number;
  /** RGB, interleaved: the objective's change by each value of 0..255. */
  readonly data: Float32Array;
  readonly objective: number;
}

export async function gradientOf(request: Request, { ticket, station }: Call, reading: Reading): Promise<Gradient> {
  const { width, height, data: pixels } = await reading.for(request);
  const { data, objective } = await ticket.native((cancellation) =>
    station.engine.gradient(request.plan({ width, height }), Float32Array.from(pixels), cancellation),
  );
  return { width, height, data, objective };
}
