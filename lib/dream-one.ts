import type { NativeProgress } from './binding/native.js';
import type { Dream } from './dream.js';
import { maskedPlan } from './masks.js';
import { previewer } from './previews.js';
import { type Call, describeProgress, dreamOf, type Reading, type Request } from './request.js';

/** One dream, from the picture as it was given. */
export async function dreamOne(request: Request, call: Call, reading: Reading): Promise<Dream> {
  const { ticket, station, faults, asked } = call;
  const picture = await reading.for(request);
  const mask = await request.mask(picture);
  const plan = maskedPlan(request.plan(picture), mask);
  const { onProgress } = asked;
  const report =
    onProgress && ticket.caller.safely((progress: NativeProgress) => onProgress(describeProgress(plan, progress)));
  const show = previewer(plan, call);
  const result = await ticket.native((cancellation) =>
    station.engine.dream(plan, picture.data, cancellation, report, show, Math.ceil(asked.previewInterval)),
  );
  return dreamOf(result, { elapsed: ticket.elapsed, station, faults, request, plan, picture, mask });
}
