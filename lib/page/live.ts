import { type Camera, openCamera } from './camera.js';
import { type Fault, hideFault, showFault } from './faults.js';
import { type FrameHead, LiveSocket } from './live-socket.js';
import { made, part, say } from './parts.js';
import { encoded, fitted } from './picture.js';
import { Rate } from './rate.js';
import type { Service } from './service.js';
import type { Settings } from './settings.js';

/**
 * Frames that were sent and not answered: one is dreamed while the next is on its way. The socket's own count of waiting bytes
 * is none to build on: Firefox 153's stays above 0 for good [measured].
 */
const UNDER_WAY = 2;
/** Of the frames that are sent: the network sees no more. */
const QUALITY = 0.85;
/** Answers that came to nothing: then the next frame is sent anyway, in milliseconds. */
const PATIENCE = 5000;
const CALM = 80;

export interface LiveEvents {
  /** The first dreamed frame is there. */
  readonly first: () => void;
  /** It is over; the camera is still on, for its last picture. */
  readonly end: () => void;
}

/** The camera's picture, dreamed while it is taken. */
export class Live {
  readonly canvas = made('canvas');
  readonly #settings: Settings;
  readonly #camera: Camera;
  readonly #socket: LiveSocket;
  readonly #sending = made('canvas');
  readonly #rate = new Rate();
  readonly #on: LiveEvents;
  readonly #sentAt = new Map<number, number>();
  #sent = 0;
  #answered = 0;
  #heardAt = performance.now();
  #encoding = false;
  #shownAt = -1;
  #ended = false;
  #telling: ReturnType<typeof setTimeout> | undefined;

  private constructor(service: Service, settings: Settings, camera: Camera, on: LiveEvents) {
    this.#settings = settings;
    this.#camera = camera;
    this.#on = on;
    this.#socket = new LiveSocket(service, {
      onOptions: (options) => settings.follow(options),
      onFrame: (head, picture) => void this.#show(head, picture).catch(showFault),
      onFault: (fault) => showFault(fault),
      onEnd: (fault) => this.#end(fault),
    });
    settings.addEventListener('change', this.#changed);
    requestAnimationFrame(this.#turn);
  }

  /** Throws a Fault where there is no camera. */
  static async start(service: Service, settings: Settings, on: LiveEvents): Promise<Live> {
    const camera = await openCamera(settings.liveSize);
    return new Live(service, settings, camera, on);
  }

  get video(): HTMLVideoElement {
    return this.#camera.video;
  }

  stop(): void {
    this.#socket.close();
  }

  /** The camera's picture as it is seen, on a canvas of that longest side. */
  snapshot(longest: number, canvas = made('canvas')): HTMLCanvasElement {
    const { video } = this;
    const [width, height] = fitted({ width: video.videoWidth, height: video.videoHeight }, longest);
    Object.assign(canvas, { width, height });
    const context = canvas.getContext('2d');
    if (this.#camera.mirrored) context?.setTransform(-1, 0, 0, 1, width, 0);
    context?.drawImage(video, 0, 0, width, height);
    return canvas;
  }

  #tell(): void {
    this.#socket.tell({ ...this.#settings.live(), format: 'jpeg' });
  }

  /** A slider that is pulled changes more often than is worth a message. */
  readonly #changed = (): void => {
    clearTimeout(this.#telling);
    this.#telling = setTimeout(() => this.#tell(), CALM);
  };

  /** Once a picture of the screen; not at all while the page is hidden. */
  readonly #turn = (): void => {
    if (this.#ended) return;
    requestAnimationFrame(this.#turn);
    if (performance.now() - this.#heardAt > PATIENCE) {
      this.#answered = this.#sent;
      this.#heardAt = performance.now();
    }
    const { video } = this;
    const free = this.#sent - this.#answered < UNDER_WAY && !this.#encoding;
    if (!free || !this.#socket.open || video.videoWidth === 0 || video.currentTime === this.#shownAt) return;
    this.#shownAt = video.currentTime;
    this.#encoding = true;
    this.#send()
      .catch(showFault)
      .finally(() => {
        this.#encoding = false;
      });
  };

  async #send(): Promise<void> {
    if (this.#sent === 0) this.#tell();
    this.snapshot(this.#settings.liveSize, this.#sending);
    const frame = await encoded(this.#sending, 'image/jpeg', QUALITY);
    if (this.#sent === this.#answered) this.#heardAt = performance.now();
    this.#sent += 1;
    this.#sentAt.set(this.#sent, performance.now());
    this.#socket.send(frame);
  }

  async #show({ received, number }: FrameHead, picture: Blob): Promise<void> {
    this.#heardAt = performance.now();
    // Those before it were dropped for it.
    this.#answered = Math.max(this.#answered, received);
    const bitmap = await createImageBitmap(picture);
    const { width, height } = bitmap;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    bitmap.close();
    const sentAt = this.#sentAt.get(received);
    for (const each of this.#sentAt.keys()) if (each <= received) this.#sentAt.delete(each);
    this.#rate.count(performance.now(), sentAt);
    this.#tellNumbers(number);
  }

  #tellNumbers(number: number): void {
    const { rate, latency } = this.#rate.told();
    part('rate', HTMLElement).textContent = rate;
    part('latency', HTMLElement).textContent = latency;
    part('number', HTMLElement).textContent = String(number);
    if (number > 1) return;
    hideFault();
    say('The camera dreams.');
    this.#on.first();
  }

  #end(fault: Fault | undefined): void {
    this.#ended = true;
    this.#settings.removeEventListener('change', this.#changed);
    this.#settings.follow(undefined);
    clearTimeout(this.#telling);
    // Before the camera is off: whoever ends it may take its last picture.
    this.#on.end();
    this.#camera.stop();
    if (fault) showFault(fault, () => part('camera-again', HTMLButtonElement).click());
  }
}
