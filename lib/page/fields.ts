import { made, part } from './parts.js';
import { isSeed, type Settings, SIZES } from './settings.js';

const OWN = 'own';
const AUTOMATIC = '';

function startSize(settings: Settings): void {
  const select = part('size', HTMLSelectElement);
  const add = (value: string, textContent: string): void => select.append(made('option', { value, textContent }));
  add(AUTOMATIC, 'automatic');
  for (const size of SIZES) if (size >= settings.facts.leastSize) add(String(size), `${size} pixels`);
  add(OWN, 'its own');
  select.addEventListener('change', () => {
    const { value } = select;
    if (value === AUTOMATIC) settings.resetSize();
    else settings.change({ size: value === OWN ? OWN : Number(value) });
  });
  const show = (): void => {
    const value = String(settings.chosen.size ?? AUTOMATIC);
    // A link may hold one that is not among them.
    if (![...select.options].some((option) => option.value === value)) add(value, `${value} pixels`);
    select.value = value;
  };
  settings.addEventListener('change', show);
  show();
}

function startSeed(settings: Settings): void {
  const seed = part('seed', HTMLInputElement);
  seed.addEventListener('change', () => {
    const text = seed.value.trim();
    seed.setCustomValidity(isSeed(text) ? '' : 'A whole number from 0 to 18446744073709551615.');
    if (seed.reportValidity()) settings.change({ seed: text });
  });
  part('dice', HTMLButtonElement).addEventListener('click', () => {
    const [any = 0] = crypto.getRandomValues(new Uint32Array(1));
    settings.change({ seed: String(any) });
  });
  const show = (): void => {
    seed.setCustomValidity('');
    seed.value = settings.chosen.seed;
  };
  settings.addEventListener('change', show);
  show();
}

/** The size of dreams, and their seed. */
export function startFields(settings: Settings): void {
  startSize(settings);
  startSeed(settings);
}
