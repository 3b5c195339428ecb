import type { Dreaming, Result } from './dreaming.js';
import { showFault } from './faults.js';
import { part, time } from './parts.js';
import type { Settings } from './settings.js';

/** What dreams of the same work took, with XLA or without, as the service measured it. */
interface Measured {
  readonly first: number;
  readonly compile: number;
  readonly later: readonly number[];
}

type Both = Partial<Record<'true' | 'false', Measured>>;

const ROUNDS = 3;

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** What decides how long a dream takes. */
function workOf({ options, parameters }: Result): string {
  const { seed: _any, xla: _differs, ...own } = options;
  const size = parameters ? `${parameters['width']} x ${parameters['height']} pixels` : 'this picture';
  const all = Object.entries(own).filter(([name]) => name !== 'size' && name !== 'filter');
  const said = all.map(([name, value]) => `${name} ${value}`).join(', ');
  return `${own['filter'] ?? 'the model'} on ${size}${said === '' ? '' : `, ${said}`}`;
}

/** The switch, and what it is worth in numbers. */
export class Xla {
  readonly #settings: Settings;
  readonly #dreaming: Dreaming;
  readonly #can: boolean;
  #work = '';
  #both: Both = {};
  #measuring = false;

  constructor(settings: Settings, dreaming: Dreaming) {
    const { xla, xlaChoices, why } = settings.model;
    this.#settings = settings;
    this.#dreaming = dreaming;
    this.#can = xlaChoices.length === 2;
    const box = part('xla', HTMLInputElement);
    box.disabled = !this.#can;
    box.checked = xla ?? false;
    // Of all that was decided, what was of XLA.
    const reason = why.split('; ').find((each) => /xla/i.test(each));
    const byItself = `By itself this service dreams ${xla ? 'with' : 'without'} it${reason === undefined ? '' : `: ${reason}`}.`;
    part('xla-about', HTMLElement).textContent = this.#can
      ? `XLA compiles the network once for each size of picture. ${byItself}`
      : `It cannot be switched here. ${byItself}`;
    box.addEventListener('change', () => settings.change({ xla: box.checked }));
    settings.addEventListener('change', () => {
      box.checked = settings.chosen.xla ?? xla ?? false;
    });
    dreaming.addEventListener('change', () => this.#free());
    part('measure', HTMLButtonElement).addEventListener('click', () => void this.#measure().catch(showFault));
  }

  /** Whether dreams are made to be measured, which nobody else is to begin. */
  get measuring(): boolean {
    return this.#measuring;
  }

  /** Takes in what a dream took. */
  record(result: Result): void {
    const { timings, xla } = result;
    if (!timings || xla === undefined) return;
    const work = workOf(result);
    if (work !== this.#work) this.#both = {};
    this.#work = work;
    const name = `${xla}` as const;
    const before = this.#both[name];
    const { total, compile } = timings;
    this.#both[name] = before ? { ...before, later: [...before.later, total] } : { first: total, compile, later: [] };
    this.#show();
  }

  #free(): void {
    const idle = !this.#dreaming.running && !this.#measuring;
    part('measure', HTMLButtonElement).disabled = !(this.#can && idle && this.#dreaming.picture);
  }

  async #measure(): Promise<void> {
    const before = this.#settings.chosen.xla ?? this.#settings.model.xla ?? false;
    this.#measuring = true;
    this.#free();
    try {
      for (let round = 0; round < ROUNDS; round += 1)
        for (const xla of [false, true]) {
          this.#settings.change({ xla });
          const result = await this.#dreaming.dream();
          if (!result) return;
          this.record(result);
        }
    } finally {
      this.#settings.change({ xla: before });
      this.#measuring = false;
      this.#free();
    }
  }

  #show(): void {
    part('xla-work', HTMLElement).textContent = this.#work;
    for (const name of ['false', 'true'] as const) {
      const measured = this.#both[name];
      const tell = (id: string, value: number | undefined): void => {
        part(`${id}-${name}`, HTMLElement).textContent = value === undefined ? '–' : time(value);
      };
      tell('first', measured?.first);
      tell('compile', measured?.compile);
      tell('later', measured && median(measured.later));
    }
    const [without, compiled] = [median(this.#both.false?.later ?? []), median(this.#both.true?.later ?? [])];
    if (without === undefined || compiled === undefined) return;
    const ratio = compiled / without;
    part('xla-says', HTMLElement).textContent =
      ratio < 1
        ? `Once compiled, XLA dreams ${(1 / ratio).toFixed(2)} times as fast here.`
        : `Here dreams take ${ratio.toFixed(2)} times as long with XLA, also once it has compiled.`;
  }
}
