import { hideFault, isAbort, showFault } from './faults.js';
import { made, part, say, time } from './parts.js';
import { forService, type Picture } from './picture.js';
import type { Dreamed, Progress, Service } from './service.js';
import type { Settings } from './settings.js';
import type { Stage } from './stage.js';
import { withToken } from './token.js';

/** A dream that is finished, and with what it was made. */
export interface Result extends Dreamed {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/** An image of the bytes, once it can be shown. The stage lets go of them. */
async function imageOf(blob: Blob, alt: string): Promise<HTMLImageElement> {
  const image = made('img', { alt, src: URL.createObjectURL(blob) });
  await image.decode();
  return image;
}

/** Dreams of one picture, one after another: a new one cancels the one before. 'change' tells that something is different. */
export class Dreaming extends EventTarget {
  readonly #service: Service;
  readonly #settings: Settings;
  readonly #stage: Stage;
  #picture: Picture | undefined;
  #result: Result | undefined;
  #running: AbortController | undefined;

  constructor(service: Service, settings: Settings, stage: Stage) {
    super();
    this.#service = service;
    this.#settings = settings;
    this.#stage = stage;
  }

  get picture(): Picture | undefined {
    return this.#picture;
  }

  get result(): Result | undefined {
    return this.#result;
  }

  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Another picture, shown as it is. */
  async take(picture: Picture): Promise<void> {
    this.cancel();
    const image = await imageOf(picture.blob, `${picture.name}, before`);
    this.#picture = picture;
    this.#result = undefined;
    this.#stage.begin(image);
    this.#changed();
  }

  cancel(): void {
    this.#running?.abort();
    this.#end();
  }

  /** Dreams of the picture by the settings; undefined where it was cancelled or failed, which is shown. */
  async dream(): Promise<Result | undefined> {
    const picture = this.#picture;
    if (!picture) return undefined;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    hideFault();
    this.#tell(undefined);
    say(`Dreaming of ${this.#settings.filter ?? picture.name}.`);
    this.#changed();
    try {
      return await this.#run(picture, running.signal);
    } catch (error) {
      if (!isAbort(error)) this.#failed(error);
      return undefined;
    } finally {
      if (this.#running === running) this.#end();
    }
  }

  async #run(picture: Picture, signal: AbortSignal): Promise<Result> {
    const begun = performance.now();
    const options = this.#settings.still();
    const recipe = this.#settings.stillRecipe();
    const bytes = await forService(picture, this.#settings.facts);
    signal.throwIfAborted();
    const onProgress = (progress: Progress): void => {
      if (!signal.aborted) this.#tell(progress);
    };
    const ask = { signal, onProgress, ...(recipe && { recipe }) };
    const dreamed = await withToken(this.#service, () => this.#service.dream(bytes, options, ask));
    const alt = `${picture.name}, dreamed with ${options['filter'] ?? 'the model'}`;
    const image = await imageOf(dreamed.picture, alt);
    signal.throwIfAborted();
    this.#result = { ...dreamed, name: `${picture.name}-${options['filter'] ?? 'dream'}`, options };
    this.#stage.finish(image);
    say(`Dreamed in ${time(performance.now() - begun)}. The slider on the picture compares before and after.`);
    return this.#result;
  }

  #failed(error: unknown): void {
    showFault(error, () => void this.dream());
    say('');
  }

  #end(): void {
    if (!this.#running) return;
    this.#running = undefined;
    // Where it was finished there is no preview left.
    this.#stage.restore();
    part('veil', HTMLElement).hidden = true;
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event('change'));
  }

  #tell(progress: Progress | undefined): void {
    part('veil', HTMLElement).hidden = false;
    const bar = part('progress', HTMLProgressElement);
    if (!progress) {
      bar.removeAttribute('value');
      part('doing', HTMLElement).textContent = 'Falling asleep';
      return;
    }
    const { octave, octaves, iteration, iterations, fraction, preview } = progress;
    bar.value = fraction;
    part('doing', HTMLElement).textContent =
      `Octave ${octave + 1} of ${octaves}, iteration ${iteration} of ${iterations}`;
    if (preview) void this.#preview(preview);
  }

  async #preview(preview: Blob): Promise<void> {
    const running = this.#running;
    const image = await imageOf(preview, '');
    // It may be over by the time that it is decoded.
    if (running && this.#running === running) this.#stage.preview(image);
  }
}
