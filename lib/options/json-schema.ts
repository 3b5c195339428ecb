import { MOST_OCTAVES, type OptionDescription, type OptionTable } from './description.js';

/** A JSON Schema, of draft 2020-12 where it matters. */
export type Schema = Readonly<Record<string, unknown>>;

/** How much of it a text or a list may be: a service has bounds where a file has none. */
export interface SchemaBounds {
  /** Characters of a text. */
  readonly text?: number;
  /** Entries of a list of channels. */
  readonly channels?: number;
}

const MOST_SEED = (2n ** 64n - 1n).toString();

/** Digits of at most that number, which has 20: those that are shorter, and each that is smaller at one of its places. */
function upTo(most: string): string {
  const places = [...most].map((digit, place) => {
    const smaller = Number(digit) - 1;
    return smaller < 0 ? [] : [`${most.slice(0, place)}[0-${smaller}]\\d{${most.length - place - 1}}`];
  });
  return `^(\\d{1,${most.length - 1}}|${[...places.flat(), most].join('|')})$`;
}

/** Of an object that has these fields and no others. */
export function objectSchema(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  const needed = required.length === 0 ? {} : { required };
  return { type: 'object', additionalProperties: false, properties, ...needed };
}

export function textSchema({ text }: SchemaBounds = {}): Schema {
  return { type: 'string', minLength: 1, ...(text === undefined ? {} : { maxLength: text }) };
}

export function rangeSchema({ least, most, above }: { least: number; most: number; above?: boolean }): Schema {
  return { ...(above ? { exclusiveMinimum: least } : { minimum: least }), maximum: most };
}

/** What one option takes. */
export function optionSchema(description: OptionDescription, bounds: SchemaBounds = {}): Schema {
  switch (description.kind) {
    case 'integer':
    case 'number': {
      const one = { type: description.kind, ...rangeSchema(description) };
      if (!description.perOctave) return one;
      return { anyOf: [one, { type: 'array', items: one, minItems: 1, maxItems: MOST_OCTAVES }] };
    }
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { enum: description.choices };
    case 'seed':
      return {
        type: ['integer', 'string'],
        minimum: 0,
        maximum: Number.MAX_SAFE_INTEGER,
        pattern: upTo(MOST_SEED),
      };
    case 'text':
      return textSchema(bounds);
  }
}

/** What each option of a table takes, and what it is. */
export function tableSchemas(
  table: OptionTable,
  schemaOf: (description: OptionDescription) => Schema = optionSchema,
): Record<string, Schema> {
  const entries = Object.entries(table).map(([name, description]) => [
    name,
    { ...schemaOf(description), description: description.about },
  ]);
  return Object.fromEntries(entries) as Record<string, Schema>;
}
