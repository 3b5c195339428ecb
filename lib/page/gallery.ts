import type { FilterFacts } from './model.js';
import { made, part } from './parts.js';
import type { Service } from './service.js';
import type { Settings } from './settings.js';

/** Thumbnails are dreamed where nobody asked before: one at a time, and none while a picture of the user's is. */
let turn: Promise<void> = Promise.resolve();

/** Resolves when the device is the gallery's. */
export type Idle = () => Promise<void>;

function hueOf(name: string): number {
  return [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
}

async function showThumbnail(service: Service, address: string, place: HTMLElement, idle: Idle): Promise<void> {
  await idle();
  const picture = await service.picture(address);
  const image = made('img', { alt: '', decoding: 'async', src: URL.createObjectURL(picture) });
  await image.decode();
  place.replaceChildren(image);
}

/** Asks for it when it is first seen. */
function watch(service: Service, address: string, place: HTMLElement, idle: Idle): void {
  const seen = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      seen.disconnect();
      // Without its thumbnail a filter keeps its letter.
      turn = turn.then(() => showThumbnail(service, address, place, idle)).catch(() => undefined);
    },
    { root: part('filters', HTMLElement), rootMargin: '0px 200px' },
  );
  seen.observe(place);
}

function cell(filter: FilterFacts, service: Service, settings: Settings, idle: Idle): HTMLInputElement {
  const input = made('input', { type: 'radio', name: 'filter', value: filter.name });
  const thumb = made('span', { className: 'thumb' }, filter.name.slice(0, 1));
  thumb.setAttribute('aria-hidden', 'true');
  thumb.style.setProperty('--hue', String(hueOf(filter.name)));
  const name = made('span', { className: 'name', textContent: filter.name.replaceAll('-', ' ') });
  part('filters', HTMLElement).append(made('label', { className: 'filter' }, input, thumb, name));
  input.addEventListener('change', () => settings.change({ filter: filter.name }));
  if (filter.thumbnail !== undefined) watch(service, filter.thumbnail, thumb, idle);
  return input;
}

/** The filters to leaf through, as radio buttons, which know arrow keys by themselves. */
export function startGallery(service: Service, settings: Settings, idle: Idle): void {
  const inputs = settings.model.filters.map((filter) => cell(filter, service, settings, idle));
  const show = (): void => {
    const chosen = inputs.find(({ value }) => value === settings.filter);
    // A recipe may say something else to dream of; each can then be chosen.
    if (!chosen) for (const input of inputs) input.checked = false;
    if (!chosen || chosen.checked) return;
    chosen.checked = true;
    // Of the strip alone: the page stays where it is.
    const strip = part('filters', HTMLElement);
    const label = chosen.parentElement as HTMLElement;
    strip.scrollTo({ left: label.offsetLeft - (strip.clientWidth - label.offsetWidth) / 2 });
  };
  settings.addEventListener('change', show);
  show();
}
