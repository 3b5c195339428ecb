import { Ajv } from 'ajv';
import { ANSWER_OPTIONS } from '../options/answer-options.js';
import type { OptionDescription, OptionTable } from '../options/description.js';
import { DREAM_OPTIONS } from '../options/dream-options.js';
import {
  objectSchema as object,
  optionSchema,
  tableSchemas as properties,
  rangeSchema as range,
  type Schema,
  textSchema,
} from '../options/json-schema.js';
import { maskSchema } from '../options/mask-schema.js';
import { channelSchema, objectiveSchemas } from '../options/objective-schema.js';
import { allowed } from '../options/read.js';
import { type RECIPE_FIELDS, RECIPE_OUTPUT, RECIPE_TEXTS, RECIPE_VERSION } from '../recipe/fields.js';
import { EXAMPLE_PICTURE } from './example-picture.js';
import { startSchema } from './start-schema.js';

const { depth: _forCode, ...ofPictures } = DREAM_OPTIONS;

/** What a client may say of a dream, but for what is dreamed of. */
export const CLIENT_OPTIONS = ofPictures satisfies OptionTable;

/** The formats of results, and what they are on the wire. */
export const RESULT_TYPES = { png: 'image/png', jpeg: 'image/jpeg', jpg: 'image/jpeg', webp: 'image/webp' } as const;

export type ResultFormat = keyof typeof RESULT_TYPES;

/** What a request may say in one word, or in one list. */
const BOUNDS = { text: 200, channels: 256 } as const;
const NAME = textSchema(BOUNDS);
/** No longer than Fastify takes them. */
const PARAMETER = textSchema({ text: 100 });
const CHANNEL = channelSchema(BOUNDS);
const FORMAT = { type: 'string', enum: Object.keys(RESULT_TYPES) } as const;
/** What a larger one must be, its reader says in words. */
const SEED = { type: ['integer', 'string'], minimum: 0, pattern: '^\\d{1,20}$' } as const;

function ofValue(description: OptionDescription): Schema {
  return description.kind === 'seed' ? SEED : optionSchema(description, BOUNDS);
}

const OBJECTIVE = { filter: NAME, layer: NAME, channel: CHANNEL } as const;

/** A picture in base64, perhaps as a `data:` URL. */
const PICTURE = { type: 'string', minLength: 1, contentEncoding: 'base64' } as const;

/** Guides and masks come as their bytes, and a direction as its numbers: no file here is named. */
const DREAM_OPTIONS_OBJECT = object({
  ...properties(CLIENT_OPTIONS, ofValue),
  ...objectiveSchemas({ guide: PICTURE, mask: { anyOf: [PICTURE, maskSchema(PICTURE)] } }, BOUNDS),
  mask: maskSchema(),
});

/** A recipe names no files here. One of a later version is refused as such by its reader, whatever it has. */
const RECIPE = {
  type: 'object',
  required: ['recipe'],
  properties: { recipe: { type: 'integer', minimum: 1, description: `The version: ${RECIPE_VERSION}.` } },
  if: { properties: { recipe: { const: RECIPE_VERSION } } },
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own word.
  then: object({
    $schema: { type: 'string' },
    recipe: {},
    ...properties(RECIPE_TEXTS, ofValue),
    options: DREAM_OPTIONS_OBJECT,
    output: object({ ...properties(RECIPE_OUTPUT, ofValue), format: FORMAT }),
  } satisfies Record<(typeof RECIPE_FIELDS)[number], Schema>),
  description: "Options, model and output in one, in the place of 'options': docs/recipes.md.",
} as const;

const START = startSchema(SEED);
/** Of image and start, one. */
const BEGINNINGS = [
  { type: 'object', required: ['image'] },
  { type: 'object', required: ['start'] },
] as const;

/** Requests that give a dream. */
const EXAMPLE = {
  image: EXAMPLE_PICTURE,
  options: { octaves: 2, iterations: 3 },
  format: 'webp',
  quality: 80,
} as const;
const SEED_EXAMPLE = { file_data: EXAMPLE_PICTURE, octaves: 2, iterations: 3 } as const;

/** `{ image or start, mask, options or recipe, format, quality, parameters, xla }`. */
export const DREAM_BODY = {
  ...object({
    image: PICTURE,
    start: START,
    mask: { ...PICTURE, description: 'Where to dream and how strongly, as a picture.' },
    options: DREAM_OPTIONS_OBJECT,
    recipe: RECIPE,
    format: FORMAT,
    ...properties(ANSWER_OPTIONS, ofValue),
  }),
  oneOf: BEGINNINGS,
  examples: [EXAMPLE],
};

/** Bytes: they are no text to be checked, and in the document they are. */
const BINARY = { format: 'binary' } as const;

/** The same as a form: the picture is a file, and the options are JSON in a field of text. */
export const DREAM_FORM = {
  ...object({
    image: { description: 'A file.', ...BINARY },
    start: START,
    mask: { description: 'A file: where to dream and how strongly.', ...BINARY },
    options: DREAM_OPTIONS_OBJECT,
    recipe: RECIPE,
    format: FORMAT,
    ...properties(ANSWER_OPTIONS, ofValue),
  }),
  oneOf: BEGINNINGS,
};

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
