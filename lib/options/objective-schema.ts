import { MOST_CHANNEL } from './channels.js';
import { objectSchema, type Schema, type SchemaBounds, textSchema } from './json-schema.js';
import { OBJECTIVE_OPTIONS, WHOLE } from './objective.js';
import {
  GUIDE_MATCHES,
  MOST_DIRECTION,
  MOST_TERMS,
  MOST_WEIGHT,
  TERM_FIELDS,
  TERM_KINDS,
  type TermField,
  type TermKind,
} from './term-fields.js';

const WEIGHT = { type: 'number', minimum: -MOST_WEIGHT, maximum: MOST_WEIGHT } as const;

export function channelSchema({ text }: SchemaBounds = {}): Schema {
  const longest = text === undefined ? {} : { maxLength: text };
  return { type: ['integer', 'string'], minimum: 0, maximum: MOST_CHANNEL, minLength: 1, ...longest };
}

export function channelsSchema(bounds: SchemaBounds = {}): Schema {
  const channel = channelSchema(bounds);
  const weighted = objectSchema({ channel, weight: WEIGHT }, ['channel']);
  const most = bounds.channels === undefined ? {} : { maxItems: bounds.channels };
  return { type: 'array', minItems: 1, ...most, items: { anyOf: [channel, weighted] } };
}

/** What may stand for a guide, a mask and a direction, which differs between a file and a service. */
export interface TermInputs {
  readonly guide: Schema;
  readonly mask: Schema;
  /** Beside an array of numbers. */
  readonly direction?: Schema;
}

/** Of float32. */
const MOST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

function directionSchema(other: Schema | undefined): Schema {
  const numbers = {
    type: 'array',
    minItems: 1,
    maxItems: MOST_DIRECTION,
    items: { type: 'number', minimum: -MOST_FLOAT, maximum: MOST_FLOAT },
    contains: { not: { const: 0 } },
  };
  return other === undefined ? numbers : { anyOf: [numbers, other] };
}

/** Not all of them of weight 0. */
const SOME_WEIGHT = {
  contains: { not: { type: 'object', required: ['weight'], properties: { weight: { const: 0 } } } },
};

function fieldSchemas(inputs: TermInputs, bounds: SchemaBounds): Readonly<Record<TermField, Schema>> {
  const name = textSchema(bounds);
  return {
    filter: name,
    guide: inputs.guide,
    class: channelSchema(bounds),
    direction: directionSchema(inputs.direction),
    channels: { ...channelsSchema(bounds), ...SOME_WEIGHT },
    channel: channelSchema(bounds),
    layer: name,
    match: { enum: GUIDE_MATCHES },
  };
}

/** Of one term: each kind by the field that tells it, with the fields that it has and no others. */
export function termSchema(inputs: TermInputs, bounds: SchemaBounds = {}): Schema {
  const of = fieldSchemas(inputs, bounds);
  const kinds: readonly (readonly [string, TermKind])[] = Object.entries(TERM_KINDS);
  const anyOf = kinds.map(([kind, { fields, needs = [], about }]) => {
    const own = fields.map((field) => {
      const several = kind === 'guide' && field === 'layer';
      const list = { type: 'array', items: of[field], minItems: 1, maxItems: MOST_TERMS };
      const schema = several ? { anyOf: [of[field], list] } : of[field];
      return [field, { ...schema, description: TERM_FIELDS[field] }] as const;
    });
    const weight = {
      ...WEIGHT,
      not: { const: 0 },
      description: 'How hard it pushes beside the others; 1 if not said.',
    };
    const mask = { ...inputs.mask, description: 'Where it is climbed, and how strongly; everywhere if not said.' };
    const properties = { ...Object.fromEntries(own), weight, mask } as Record<string, Schema>;
    return { ...objectSchema(properties, [kind, ...needs]), description: about };
  });
  return { anyOf };
}

/** What to dream of, field by field. */
export function objectiveSchemas(inputs: TermInputs, bounds: SchemaBounds = {}): Readonly<Record<string, Schema>> {
  const name = textSchema(bounds);
  return {
    filter: { ...name, description: "A name of the model's catalogue." },
    layer: { ...name, description: 'A layer: with a channel the mean of that, alone the mean of its squares.' },
    channel: { ...channelSchema(bounds), description: 'A channel by its number from 0, or by its name.' },
    channels: { ...channelsSchema(bounds), description: 'Several channels, each with a weight or without.' },
    objective: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_TERMS,
      items: termSchema(inputs, bounds),
      description: 'The sum of terms, each as strong as its weight says.',
    },
  };
}

/** Which fields are left out where others are given. */
export function objectiveRules(): readonly Schema[] {
  const pairs = WHOLE.flatMap((whole) =>
    OBJECTIVE_OPTIONS.filter((name) => name !== whole).map((other) => [whole, other] as const),
  );
  const distinct = new Map([...pairs, ['channel', 'channels'] as const].map((pair) => [[...pair].sort().join(), pair]));
  return [...distinct.values()].map((required) => ({ not: { required } }));
}
