import type { AddressInfo } from 'node:net';
import type { Dreamer } from '../../dreamer.js';
import { readOptions } from '../../options/read.js';
import { type GivenServiceOptions, SERVE_OPTIONS, SERVICE_OPTIONS } from '../../options/serve-options.js';
import { failing } from '../../service/fail.js';
import { liveRoutes } from '../../service/live.js';
import { serverOf } from '../../service/server.js';
import { turnsOn } from '../../service/turns.js';
import { type LivePlace, liveAddress } from './live-place.js';

/** A worker's live socket, for the services of its farm. */
export interface ServedLive {
  /** Such as `ws://gpu-3:7070/v1/live`. */
  readonly address: string;
  /** Who is dreamed for now. */
  clients(): number;
  /** Says goodbye to all of them. */
  close(): Promise<void>;
}

/**
 * Dreams for live clients, whom services of the farm send here: the service's own live route, with its limits and its token, and
 * nothing else. Rejects with what the system says where it cannot listen there.
 */
export async function serveLive(
  dreamer: Dreamer,
  place: LivePlace,
  given: GivenServiceOptions = {},
): Promise<ServedLive> {
  const limits = readOptions(SERVICE_OPTIONS, given);
  const app = serverOf(readOptions(SERVE_OPTIONS, {}), 'silent');
  app.setErrorHandler(failing({ rejected: () => undefined }));
  const counts = await liveRoutes(app, { dreamer, limits, turns: turnsOn(dreamer, limits) });
  try {
    await app.listen(place);
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    address: liveAddress({ ...place, port }),
    clients: () => counts.clients,
    close: () => app.close(),
  };
}
