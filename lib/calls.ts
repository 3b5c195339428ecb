import type { NativeAddon } from './binding/native.js';
import type { Engines } from './engines.js';
import { LiveDreamError } from './errors.js';
import type { PictureInput } from './image/source.js';
import { MaskReadings } from './masks.js';
import type { DreamOptions } from './options/dream-options.js';
import { readDreamOptions } from './options/read-dream.js';
import { type Admitted, type Call, Reading } from './request.js';
import { Admission } from './ticket.js';
import type { Tuning } from './tuning/tuning.js';

export interface CallsParts {
  readonly addon: NativeAddon;
  readonly engines: Engines;
  readonly queueLimit: number;
  readonly tuning: Tuning;
}

/** How calls of a Dreamer come to their work: options checked, a place taken, a device chosen, in this order and within the call. */
export class Calls {
  readonly #engines: Engines;
  readonly #tuning: Tuning;
  readonly #admission: Admission;
  #closed = false;

  constructor({ addon, engines, queueLimit, tuning }: CallsParts) {
    this.#engines = engines;
    this.#tuning = tuning;
    this.#admission = new Admission(addon, engines.stations.length, queueLimit);
  }

  /** No call is let in any more. */
  close(): void {
    this.#closed = true;
  }

  /** Throws ERR_LIVEDREAM_DISPOSED where they were closed. */
  check(): void {
    if (this.#closed) throw new LiveDreamError('ERR_LIVEDREAM_DISPOSED', 'This Dreamer was disposed of.');
  }

  /** For work that chooses its devices itself. */
  async admit<T>(given: DreamOptions, work: (admitted: Admitted) => Promise<T>): Promise<T> {
    this.check();
    const asked = readDreamOptions(given);
    return this.#admission.admit(asked.signal, (ticket) => {
      const mask = MaskReadings.of(asked);
      return work({ ticket, asked, tuning: this.#tuning, mask });
    });
  }

  /** For work of one device, which another begins anew where that fails at it. */
  onDevice<T>(given: DreamOptions, work: (call: Call) => Promise<T>): Promise<T> {
    return this.admit(given, (admitted) =>
      this.#engines.use((station, faults) => work({ ...admitted, station, faults })),
    );
  }

  /** The same with a picture, which is copied when the call has its place. */
  withPicture<T>(
    picture: PictureInput,
    given: DreamOptions,
    work: (call: Call, reading: Reading) => Promise<T>,
  ): Promise<T> {
    let reading: Reading | undefined;
    return this.onDevice(given, async (call) => {
      reading ??= new Reading(picture);
      return work(call, reading);
    });
  }
}
