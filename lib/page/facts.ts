/** What the service tells its page, at `page/facts.json`: types only, for the service and for the browser. */

/** A number that is set by a slider, as the table of options describes it. */
export interface NumberFact {
  readonly about: string;
  readonly default: number;
  readonly least: number;
  /** As far as this service goes. */
  readonly most: number;
  /** Whether `least` itself is not allowed. */
  readonly above: boolean;
  readonly whole: boolean;
  readonly unit?: string;
}

export type SliderName = 'octaves' | 'octaveScale' | 'iterations' | 'step' | 'blend';

export interface PageFacts {
  readonly version: string;
  /** Whether the API asks for a token. */
  readonly token: boolean;
  readonly pixelLimit: number;
  readonly bodyLimit: number;
  /** The least longest side of a picture. */
  readonly leastSize: number;
  readonly sliders: Readonly<Record<SliderName, NumberFact>>;
}
