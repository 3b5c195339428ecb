import { showFault } from './faults.js';
import { Live } from './live.js';
import { part, say } from './parts.js';
import { encoded, type Picture, readPicture } from './picture.js';
import type { Service } from './service.js';
import type { Settings } from './settings.js';
import type { Stage } from './stage.js';

/** What is left of the camera when it is off. */
export interface Left {
  /** Its last picture, to be dreamed at leisure. */
  readonly picture: Picture;
  /** The last frame that was dreamed. */
  readonly frame: HTMLCanvasElement;
}

/** The camera on the stage: its picture before, its dream after. */
export class CameraView {
  readonly #service: Service;
  readonly #settings: Settings;
  readonly #stage: Stage;
  readonly #onChange: () => void;
  readonly #onLeft: (left: Left) => Promise<void>;
  #live: Live | undefined;
  #starting = false;

  constructor(
    service: Service,
    settings: Settings,
    stage: Stage,
    on: { readonly change: () => void; readonly left: (left: Left) => Promise<void> },
  ) {
    this.#service = service;
    this.#settings = settings;
    this.#stage = stage;
    this.#onChange = on.change;
    this.#onLeft = on.left;
  }

  get on(): boolean {
    return this.#live !== undefined;
  }

  /** The dreamed frame that is seen, which goes on changing. */
  get frame(): HTMLCanvasElement | undefined {
    return this.#live?.canvas;
  }

  async start(): Promise<void> {
    if (this.#live || this.#starting) return;
    this.#starting = true;
    try {
      const live = await Live.start(this.#service, this.#settings, {
        first: () => this.#stage.finish(live.canvas),
        end: () => void this.#end().catch(showFault),
      });
      this.#live = live;
      this.#stage.begin(live.video);
      part('readout', HTMLElement).hidden = false;
      say('The camera is on.');
    } catch (error) {
      showFault(error, () => void this.start());
    } finally {
      this.#starting = false;
      this.#onChange();
    }
  }

  stop(): void {
    this.#live?.stop();
  }

  async #end(): Promise<void> {
    const live = this.#live;
    if (!live) return;
    this.#live = undefined;
    const { videoWidth, videoHeight } = live.video;
    const last = live.snapshot(Math.max(videoWidth, videoHeight));
    part('readout', HTMLElement).hidden = true;
    say('The camera is off.');
    this.#onChange();
    const picture = await readPicture(await encoded(last, 'image/png'), 'camera');
    await this.#onLeft({ picture, frame: live.canvas });
  }
}
