import { CameraView, type Left } from './camera-view.js';
import { allowDownload, type Keepsake, startDownload } from './download.js';
import { Dreaming } from './dreaming.js';
import { showFault } from './faults.js';
import { startFields } from './fields.js';
import { startGallery } from './gallery.js';
import { note, part } from './parts.js';
import type { Picture } from './picture.js';
import { startRecipes } from './recipes.js';
import type { Service } from './service.js';
import type { Settings } from './settings.js';
import { chosenOf, fragmentOf } from './share.js';
import { startSliders } from './sliders.js';
import { startSources } from './sources.js';
import { Stage } from './stage.js';
import { Xla } from './xla.js';

/** From the last change of a setting to the dream of it, in milliseconds. */
const CALM = 450;

/** What the parts of the page have to do with each other. */
export class Page {
  readonly #service: Service;
  readonly #settings: Settings;
  readonly #stage = new Stage();
  readonly #dreaming: Dreaming;
  readonly #camera: CameraView;
  readonly #xla: Xla;
  readonly #calm = new EventTarget();
  /** The last frame of a camera that is off. */
  #frame: HTMLCanvasElement | undefined;
  /** Whether a picture is on its way to the stage. */
  #taking = false;
  #soon: ReturnType<typeof setTimeout> | undefined;

  constructor(service: Service, settings: Settings) {
    this.#service = service;
    this.#settings = settings;
    this.#dreaming = new Dreaming(service, settings, this.#stage);
    this.#camera = new CameraView(service, settings, this.#stage, {
      change: () => this.#show(),
      left: (left) => this.#left(left),
    });
    this.#xla = new Xla(settings, this.#dreaming);
  }

  start(): void {
    const { name, device, xla } = this.#settings.model;
    part('where', HTMLElement).textContent = `“${name}” on ${device}${xla ? ', with XLA' : ''}`;
    const use = (): void => this.#settings.change(chosenOf(location.hash, this.#settings));
    use();
    addEventListener('hashchange', use);
    startGallery(this.#service, this.#settings, () => this.#idle());
    startSliders(this.#settings);
    startFields(this.#settings);
    startRecipes(this.#settings);
    startSources((picture) => void this.#take(picture).catch(showFault));
    void startDownload(() => this.#keepsake());
    for (const id of ['camera', 'camera-again'])
      part(id, HTMLButtonElement).addEventListener('click', () => this.#startCamera());
    part('dream', HTMLButtonElement).addEventListener('click', () => this.#press());
    part('share', HTMLButtonElement).addEventListener('click', () => void this.#share());
    this.#settings.addEventListener('change', () => this.#changed());
    this.#dreaming.addEventListener('change', () => this.#show());
    this.#show();
  }

  async #take(picture: Picture): Promise<void> {
    this.#taking = true;
    this.#camera.stop();
    this.#frame = undefined;
    await this.#dreaming.take(picture).finally(() => {
      this.#taking = false;
    });
    await this.#dream();
  }

  async #left({ picture, frame }: Left): Promise<void> {
    // Another picture may have taken its place meanwhile.
    if (this.#taking || this.#dreaming.running || this.#camera.on) return;
    await this.#dreaming.take(picture);
    if (frame.width > 0) this.#stage.finish(frame);
    this.#frame = frame;
    this.#show();
  }

  async #dream(): Promise<void> {
    clearTimeout(this.#soon);
    const result = await this.#dreaming.dream();
    if (!result) return;
    this.#frame = undefined;
    this.#xla.record(result);
    this.#show();
  }

  /** A picture that is there is dreamed by the new settings, once they stand still. */
  #changed(): void {
    clearTimeout(this.#soon);
    if (this.#camera.on || this.#xla.measuring || !this.#dreaming.picture) return;
    this.#soon = setTimeout(() => void this.#dream(), CALM);
  }

  #press(): void {
    clearTimeout(this.#soon);
    if (this.#camera.on) this.#camera.stop();
    else if (this.#dreaming.running) this.#dreaming.cancel();
    else void this.#dream();
  }

  #startCamera(): void {
    clearTimeout(this.#soon);
    this.#dreaming.cancel();
    void this.#camera.start();
  }

  #keepsake(): Keepsake | undefined {
    const frame = this.#camera.frame ?? this.#frame;
    const { version } = this.#settings.facts;
    const { name: model } = this.#settings.model;
    if (frame) {
      const parameters = { livedream: version, model, ...this.#settings.live() };
      return { name: `camera-${this.#settings.filter ?? 'dream'}`, picture: frame, parameters };
    }
    const { result } = this.#dreaming;
    if (!result) return undefined;
    const parameters = { livedream: version, ...(result.parameters ?? { model, ...result.options }) };
    return { name: result.name, picture: result.picture, parameters };
  }

  async #share(): Promise<void> {
    const link = new URL(fragmentOf(this.#settings), location.href).href;
    history.replaceState(null, '', link);
    try {
      await navigator.clipboard.writeText(link);
      note('The link is copied. It holds the settings, not the picture.');
    } catch {
      // Pages that are not secure, and people, may say no.
      note('The link stands in the address bar. It holds the settings, not the picture.');
    }
  }

  /** Resolves when nothing is dreamed for the user. */
  async #idle(): Promise<void> {
    while (this.#dreaming.running || this.#camera.on)
      await new Promise((resolve) => this.#calm.addEventListener('calm', resolve, { once: true }));
  }

  #show(): void {
    const { picture, running, result } = this.#dreaming;
    const { on } = this.#camera;
    const button = part('dream', HTMLButtonElement);
    button.disabled = !on && !picture;
    button.textContent = on || running ? 'Stop' : 'Dream';
    button.classList.toggle('stop', on || running);
    part('sources', HTMLElement).hidden = !picture && !on;
    if (!on && !running) this.#calm.dispatchEvent(new Event('calm'));
    allowDownload(on || (!running && (result ?? this.#frame) !== undefined));
  }
}
