import type { Calls } from './calls.js';
import type { Engines, Station } from './engines.js';
import { maskedPlan } from './masks.js';
import type { DreamOptions } from './options/dream-options.js';
import { requestOf } from './request.js';
import type { ResidentModel } from './resident-model.js';
import { checkSize, type Size } from './size.js';

/** Who has all that dreams are made of. */
interface Dreaming {
  readonly calls: Calls;
  readonly engines: Engines;
  readonly model: ResidentModel;
}

/** Builds and compiles everything for pictures of these sizes, on every device. */
export async function warmUp(
  { calls, engines, model }: Dreaming,
  sizes: readonly Size[],
  options: DreamOptions,
): Promise<void> {
  for (const size of sizes) checkSize(size);
  return calls.admit(options, async (admitted) => {
    const { ticket } = admitted;
    const warm = async (station: Station): Promise<void> => {
      const { plan } = await requestOf(model, options, { ...admitted, station, faults: [] });
      for (const size of sizes) {
        const masked = maskedPlan(plan(size), admitted.mask?.plain(size));
        await ticket.native((cancellation) => station.engine.warmUp(masked, cancellation));
      }
    };
    await Promise.all(engines.stations.map(warm));
  });
}
