import type { NumberFact, SliderName } from './facts.js';
import { made, part } from './parts.js';
import type { Settings } from './settings.js';

/** What people call them; what they do the service tells. */
const TITLES: Readonly<Record<SliderName, string>> = {
  octaves: 'Octaves',
  octaveScale: 'Octave scale',
  iterations: 'Iterations',
  step: 'Step',
  blend: 'Blend, live',
};

/** How often the default a slider goes up to, where the option's own range is for machines. */
const FAR = 8;
const NOTCHES = 200;

interface Range {
  readonly least: number;
  readonly most: number;
  readonly notch: number;
}

function rangeOf(fact: NumberFact): Range {
  const far = fact.default * FAR;
  const most = far > fact.least && far < fact.most ? far : fact.most;
  if (fact.whole) return { least: fact.least, most: Math.round(most), notch: 1 };
  const notch = 10 ** Math.round(Math.log10((most - fact.least) / NOTCHES));
  return { least: fact.above ? fact.least + notch : fact.least, most, notch };
}

/** As few digits as tell notches apart. */
function digitsOf(notch: number): number {
  return Math.max(0, -Math.floor(Math.log10(notch) + 1e-9));
}

interface Slider {
  readonly name: SliderName;
  readonly input: HTMLInputElement;
  readonly output: HTMLOutputElement;
  readonly digits: number;
}

function sliderOf(settings: Settings, name: SliderName, help: HTMLElement): Slider {
  const fact = settings.facts.sliders[name];
  const { least, most, notch } = rangeOf(fact);
  const id = `slide-${name}`;
  const input = made('input', { id, type: 'range' });
  Object.assign(input, { min: String(least), max: String(most), step: String(notch) });
  input.setAttribute('aria-describedby', `${id}-about`);
  const output = made('output');
  output.htmlFor.add(id);
  const about = made('span', { id: `${id}-about`, className: 'unseen', textContent: fact.about });
  const label = made('label', { htmlFor: id, textContent: TITLES[name] });
  const row = made('div', { className: 'slider' }, label, output, input, about);
  const tell = (): void => {
    help.textContent = fact.about;
  };
  row.addEventListener('pointerenter', tell);
  input.addEventListener('focus', tell);
  input.addEventListener('input', () => settings.slide(name, Number(input.value)));
  part('sliders', HTMLElement).append(row);
  return { name, input, output, digits: digitsOf(notch) };
}

function show({ name, input, output, digits }: Slider, settings: Settings): void {
  const value = settings.value(name);
  // A link may hold more than the slider shows.
  if (value > Number(input.max)) input.max = String(value);
  if (value < Number(input.min)) input.min = String(value);
  input.value = String(value);
  const [min, max] = [Number(input.min), Number(input.max)];
  input.style.setProperty('--at', `${(100 * (value - min)) / (max - min || 1)}%`);
  const unit = settings.facts.sliders[name].unit;
  const text = Number.isInteger(value) && digits === 0 ? String(value) : value.toFixed(Math.min(digits, 2));
  output.textContent = text;
  input.setAttribute('aria-valuetext', unit === undefined ? text : `${text} ${unit}`);
  output.classList.toggle('own', settings.chosen.sliders[name] !== undefined);
}

/** The sliders, which follow the settings and change them. */
export function startSliders(settings: Settings): void {
  const help = part('help', HTMLElement);
  const names = Object.keys(settings.facts.sliders) as SliderName[];
  const sliders = names.map((name) => sliderOf(settings, name, help));
  const reset = part('reset', HTMLButtonElement);
  reset.addEventListener('click', () => settings.reset());
  const showAll = (): void => {
    for (const slider of sliders) show(slider, settings);
    const { sliders: own, more } = settings.chosen;
    reset.disabled = Object.keys(own).length === 0 && more === undefined;
  };
  settings.addEventListener('change', showAll);
  settings.addEventListener('follow', showAll);
  showAll();
}
