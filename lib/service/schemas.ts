import { Ajv } from 'ajv';
import { ANSWER_OPTIONS } from '../options/answer-options.js';
import { MOST_OCTAVES, type OptionDescription, type OptionTable } from '../options/description.js';
import { DREAM_OPTIONS } from '../options/dream-options.js';
import { maskSchema } from '../options/mask-schema.js';
import { allowed } from '../options/read.js';
import { EXAMPLE_PICTURE } from './example-picture.js';

export type Schema = Readonly<Record<string, unknown>>;

const { depth: _forCode, ...ofPictures } = DREAM_OPTIONS;

/** What a client may say of a dream, but for what is dreamed of. */
export const CLIENT_OPTIONS = ofPictures satisfies OptionTable;

/** The formats of results, and what they are on the wire. */
export const RESULT_TYPES = { png: 'image/png', jpeg: 'image/jpeg', jpg: 'image/jpeg', webp: 'image/webp' } as const;

export type ResultFormat = keyof typeof RESULT_TYPES;

const NAME = { type: 'string', minLength: 1, maxLength: 200 } as const;
/** No longer than Fastify takes them. */
const PARAMETER = { ...NAME, maxLength: 100 } as const;
const CHANNEL = { type: ['integer', 'string'], minimum: 0, maxLength: 200 } as const;
const FORMAT = { type: 'string', enum: Object.keys(RESULT_TYPES) } as const;

function range({ least, most, above }: { least: number; most: number; above?: boolean }): Schema {
  return { ...(above ? { exclusiveMinimum: least } : { minimum: least }), maximum: most };
}

function ofValue(description: OptionDescription): Schema {
  switch (description.kind) {
    case 'integer':
    case 'number': {
      const one = { type: description.kind, ...range(description) };
      if (!description.perOctave) return one;
      return { anyOf: [one, { type: 'array', items: one, minItems: 1, maxItems: MOST_OCTAVES }] };
    }
    case 'boolean':
      return { type: 'boolean' };
    case 'choice':
      return { enum: description.choices };
    case 'seed':
      return { type: ['integer', 'string'], minimum: 0, pattern: '^\\d{1,20}$' };
    case 'text':
      return NAME;
  }
}

function properties(table: OptionTable, schemaOf: (description: OptionDescription) => Schema): Record<string, Schema> {
  const entries = Object.entries(table).map(([name, description]) => [
    name,
    { ...schemaOf(description), description: description.about },
  ]);
  return Object.fromEntries(entries) as Record<string, Schema>;
}

function object(of: Record<string, Schema>, required: readonly string[] = []): Schema {
  return { type: 'object', additionalProperties: false, properties: of, required };
}

const WEIGHTED = object({ channel: CHANNEL, weight: { type: 'number', minimum: -1e6, maximum: 1e6 } }, ['channel']);
const CHANNELS = { type: 'array', minItems: 1, maxItems: 256, items: { anyOf: [CHANNEL, WEIGHTED] } } as const;
const OBJECTIVE = { filter: NAME, layer: NAME, channel: CHANNEL } as const;

/** A picture in base64, perhaps as a `data:` URL. */
const PICTURE = { type: 'string', minLength: 1, contentEncoding: 'base64' } as const;

const DREAM_OPTIONS_OBJECT = object({
  ...properties(CLIENT_OPTIONS, ofValue),
  ...OBJECTIVE,
  channels: CHANNELS,
  mask: maskSchema(),
});

/** Requests that give a dream. */
const EXAMPLE = {
  image: EXAMPLE_PICTURE,
  options: { octaves: 2, iterations: 3 },
  format: 'webp',
  quality: 80,
} as const;
const SEED_EXAMPLE = { file_data: EXAMPLE_PICTURE, octaves: 2, iterations: 3 } as const;

/** `{ image, mask, options, format, quality, parameters, xla }`. */
export const DREAM_BODY = {
  ...object(
    {
      image: PICTURE,
      mask: { ...PICTURE, description: 'Where to dream and how strongly, as a picture.' },
      options: DREAM_OPTIONS_OBJECT,
      format: FORMAT,
      ...properties(ANSWER_OPTIONS, ofValue),
    },
    ['image'],
  ),
  examples: [EXAMPLE],
};

/** Bytes: they are no text to be checked, and in the document they are. */
const BINARY = { format: 'binary' } as const;

/** The same as a form: the picture is a file, and the options are JSON in a field of text. */
export const DREAM_FORM = object(
  {
    image: { description: 'A file.', ...BINARY },
    mask: { description: 'A file: where to dream and how strongly.', ...BINARY },
    options: DREAM_OPTIONS_OBJECT,
    format: FORMAT,
    ...properties(ANSWER_OPTIONS, ofValue),
  },
  ['image'],
);

/** A picture as it is, with its options in the address. */
export const DREAM_BYTES = { ...BINARY, description: 'The picture; its options stand in the address.' } as const;

/** The same in an address, where every value is text. */
export const DREAM_QUERY = object({
  ...properties({ ...CLIENT_OPTIONS, ...ANSWER_OPTIONS }, (description) => ({
    type: 'string',
    maxLength: 200,
    $comment: allowed(description),
  })),
  filter: NAME,
  layer: NAME,
  channel: NAME,
  format: FORMAT,
});

/** What these texts say, for the document: lists with commas between. */
export const DREAM_QUERY_VALUES = {
  ...object({ ...properties({ ...CLIENT_OPTIONS, ...ANSWER_OPTIONS }, ofValue), ...OBJECTIVE, format: FORMAT }),
  style: 'form',
  explode: false,
} as const;

/** What the seed's app took; its result is PNG in base64. */
export const SEED_BODY = {
  ...object(
    {
      file_data: PICTURE,
      octaves: ofValue(CLIENT_OPTIONS.octaves),
      iterations: { type: 'integer', ...range(CLIENT_OPTIONS.iterations) },
      filter: NAME,
    },
    ['file_data'],
  ),
  examples: [SEED_EXAMPLE],
};

/** What the address of a thumbnail names. */
export const THUMBNAIL_PARAMS = object({ model: PARAMETER, filter: PARAMETER }, ['model', 'filter']);

export const FAULT = object({ code: { type: 'string' }, message: { type: 'string' } }, ['code', 'message']);

/** Nothing is changed to fit, and nothing that is unknown left out unsaid, as Fastify's own settings would. */
const ajv = new Ajv({ strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false });
ajv.addFormat('binary', true);

export function validatorOf({ schema }: { readonly schema: unknown }): ReturnType<Ajv['compile']> {
  return ajv.compile(schema as Schema);
}
