import {
  GUIDE_MATCHES,
  MOST_DIRECTION,
  MOST_TERMS,
  MOST_WEIGHT,
  TERM_FIELDS,
  TERM_KINDS,
  type TermField,
  type TermKind,
} from '../options/term-fields.js';

type Schema = Readonly<Record<string, unknown>>;

/** Of what other options have too. */
interface Parts {
  readonly name: Schema;
  readonly channel: Schema;
  readonly channels: Schema;
  readonly picture: Schema;
}

/** The schema of `objective`, made from the kinds of terms. A guide is a picture in base64. */
export function objectiveSchema({ name, channel, channels, picture }: Parts): Schema {
  const layers = { type: 'array', minItems: 1, maxItems: MOST_TERMS, items: name };
  const of: Readonly<Record<TermField, Schema>> = {
    filter: name,
    guide: picture,
    class: channel,
    direction: { type: 'array', minItems: 1, maxItems: MOST_DIRECTION, items: { type: 'number' } },
    channels,
    channel,
    layer: name,
    match: { enum: GUIDE_MATCHES },
  };
  const weight = {
    type: 'number',
    minimum: -MOST_WEIGHT,
    maximum: MOST_WEIGHT,
    description: 'How hard it pushes beside the others: 1 if it is not said; negative avoids it.',
  };
  const term = ([kind, { fields, needs = [], about }]: readonly [string, TermKind]): Schema => {
    const own = fields.map((field) => {
      const schema = field === 'layer' && kind === 'guide' ? { anyOf: [name, layers] } : of[field];
      return [field, { ...schema, description: TERM_FIELDS[field] }];
    });
    const properties = { ...Object.fromEntries(own), weight };
    return { type: 'object', description: about, additionalProperties: false, properties, required: [kind, ...needs] };
  };
  return {
    type: 'array',
    minItems: 1,
    maxItems: MOST_TERMS,
    description: 'The sum of terms, perhaps on several layers, in the place of filter, layer, channel and channels.',
    items: { anyOf: Object.entries(TERM_KINDS).map(term) },
  };
}
