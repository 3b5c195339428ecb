import { part } from './parts.js';

type Shown = HTMLImageElement | HTMLVideoElement | HTMLCanvasElement;

function sizeOf(shown: Shown): [number, number] {
  if (shown instanceof HTMLImageElement) return [shown.naturalWidth, shown.naturalHeight];
  if (shown instanceof HTMLVideoElement) return [shown.videoWidth, shown.videoHeight];
  return [shown.width, shown.height];
}

/** Its bytes stay until then, so that people may save or drag it as any picture. */
function letGo(shown: Shown | undefined): void {
  if (shown instanceof HTMLImageElement) URL.revokeObjectURL(shown.src);
}

/** Where pictures are seen: one before and one after, with a seam between them to move. */
export class Stage {
  readonly #stage = part('stage', HTMLElement);
  readonly #compare = part('compare', HTMLElement);
  readonly #split = part('split', HTMLInputElement);
  readonly #before = part('before', HTMLElement);
  readonly #after = part('after', HTMLElement);
  #began: Shown | undefined;
  #preview: Shown | undefined;
  #finished: Shown | undefined;

  constructor() {
    this.#split.addEventListener('input', () => this.#move());
    new ResizeObserver(() => this.measure()).observe(this.#stage);
    this.#move();
  }

  /** The picture as it came, and nothing to compare it with yet. */
  begin(before: Shown): void {
    part('empty', HTMLElement).hidden = true;
    delete this.#stage.dataset['empty'];
    this.#compare.hidden = false;
    for (const each of [this.#began, this.#finished, this.#preview]) letGo(each);
    this.#began = before;
    this.#finished = undefined;
    this.#preview = undefined;
    this.#before.replaceChildren(before);
    this.#after.replaceChildren();
    this.#compare.classList.add('alone');
    this.measure();
  }

  /** What becomes of it, as far as it is. */
  preview(after: Shown): void {
    this.#after.replaceChildren(after);
    letGo(this.#preview);
    this.#preview = after;
  }

  /** What became of it, and the seam. */
  finish(after: Shown): void {
    this.#after.replaceChildren(after);
    for (const each of [this.#finished, this.#preview]) if (each !== after) letGo(each);
    this.#finished = after;
    this.#preview = undefined;
    this.#compare.classList.remove('alone');
  }

  /** Nothing came of what was previewed: what was there before. */
  restore(): void {
    if (!this.#preview) return;
    this.#after.replaceChildren(...(this.#finished ? [this.#finished] : []));
    letGo(this.#preview);
    this.#preview = undefined;
  }

  /** The largest place of the picture's shape within the stage, so that the seam runs over the picture alone. */
  measure(): void {
    const [shown] = this.#before.children;
    if (!shown) return;
    const [width, height] = sizeOf(shown as Shown);
    if (!width || !height) return;
    // A phone's stage is as high as the picture wants.
    this.#stage.style.setProperty('--shape', String(width / height));
    const { clientWidth, clientHeight } = this.#stage;
    const scale = Math.min(clientWidth / width, clientHeight / height);
    this.#compare.style.width = `${Math.round(width * scale)}px`;
    this.#compare.style.height = `${Math.round(height * scale)}px`;
  }

  #move(): void {
    const at = Number(this.#split.value);
    this.#compare.style.setProperty('--split', `${at}%`);
    this.#split.setAttribute('aria-valuetext', `${at} % before, ${100 - at} % after`);
  }
}
