import type { Schema } from '../options/json-schema.js';
import { FAULT } from './schemas.js';

/** The one shape of all errors, by a name that no app of somebody's own has. */
export const FAULT_SCHEMA = { $id: 'LivedreamFault', ...FAULT } as const;

const SECONDS = { type: 'integer', description: 'Seconds after which to try again.' } as const;

const FAULTS: Readonly<Record<number, Schema>> = {
  400: { description: 'An option of a wrong type or value, an unknown filter, layer or channel, a broken body.' },
  401: {
    description: 'The token is missing or wrong.',
    headers: { 'www-authenticate': { type: 'string', description: 'Bearer' } },
  },
  404: { description: 'There is no such model or filter.' },
  406: { description: '`Accept` allows none of the formats.' },
  413: { description: 'Too many bytes or pixels.' },
  414: { description: 'A name that is too long.' },
  415: { description: 'A body of another type.' },
  422: { description: 'A picture that cannot be read or dreamed, or broken base64.' },
  500: { description: 'A fault of the service, whose log says which.' },
  503: {
    description: 'The queue is full, the dream took too long, the service stops, or nobody can dream now.',
    headers: { 'retry-after': SECONDS },
  },
};

/** Answers with these statuses, each a Fault. */
export function faults(...statuses: readonly number[]): Record<number, Schema> {
  const entries = statuses.map((status) => [status, { $ref: `${FAULT_SCHEMA.$id}#`, ...FAULTS[status] }]);
  return Object.fromEntries(entries) as Record<number, Schema>;
}

const VARY = { vary: { type: 'string', description: 'accept' } } as const;
const TEXT = { type: 'string' } as const;
const BINARY = { format: 'binary' } as const;
const OPEN = { type: 'object', additionalProperties: true } as const;

function contents(types: readonly string[], schema: Schema): Schema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

/** Of a picture in one of several types. */
function pictures(description: string, types: readonly string[], headers: Schema = {}): Schema {
  return { description, headers: { ...VARY, ...headers }, content: contents(types, BINARY) };
}

export const DREAM_ANSWERS = {
  200: {
    description: 'The dream; or what happens to it, as server-sent events `progress`, `result`, `error`.',
    headers: VARY,
    content: {
      ...contents(['image/png', 'image/jpeg', 'image/webp'], BINARY),
      ...contents(['text/event-stream'], TEXT),
    },
  },
  ...faults(400, 401, 406, 413, 415, 422, 500, 503),
};

export const SEED_ANSWERS = {
  200: {
    description: 'The dream, a PNG in base64.',
    type: 'object',
    additionalProperties: false,
    properties: { file_data: { type: 'string', contentEncoding: 'base64' } },
    required: ['file_data'],
  },
  ...faults(400, 401, 413, 415, 422, 500, 503),
};

export const THUMBNAIL_ANSWERS = {
  200: pictures('The thumbnail, 192 pixels wide.', ['image/jpeg', 'image/webp'], { etag: TEXT, 'cache-control': TEXT }),
  304: { type: 'null', description: 'The client has it already.' },
  ...faults(400, 401, 404, 406, 414, 422, 500, 503),
};

function object(properties: Schema): Schema {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

const COUNT = { type: 'integer', minimum: 1 } as const;

const FILTER = object({
  name: TEXT,
  thumbnail: { ...TEXT, description: 'Relative to where the service is.' },
  of: { ...OPEN, description: 'The layer, and the channel or channels.' },
  options: { ...OPEN, description: 'What draws it best.' },
});

const MODEL = object({
  name: TEXT,
  sha256: { ...TEXT, pattern: '^[0-9a-f]{64}$' },
  device: TEXT,
  xla: { type: 'boolean' },
  xlaChoices: { type: 'array', items: { type: 'boolean' }, description: 'What a request may ask of `xla`.' },
  why: { ...TEXT, description: 'Why this device, and XLA or not.' },
  defaultOptions: OPEN,
  filters: { type: 'array', items: FILTER },
  layers: {
    type: 'array',
    items: {
      ...OPEN,
      properties: { name: TEXT, op: TEXT, channels: COUNT, head: { type: 'boolean' } },
      required: ['name'],
    },
  },
  limits: object({ bodyLimit: COUNT, pixelLimit: COUNT, octaveLimit: COUNT, iterationLimit: COUNT }),
});

export const MODEL_ANSWERS = {
  200: { description: 'What can be dreamed of.', ...object({ models: { type: 'array', items: MODEL } }) },
  ...faults(401, 500, 503),
};

export const METRICS_ANSWERS = {
  200: { description: "In Prometheus's text format.", content: contents(['text/plain'], TEXT) },
  ...faults(401, 500),
};

function status(word: string, description: string): Schema {
  return { description, ...object({ status: { type: 'string', enum: [word] } }) };
}

export const HEALTH_ANSWERS = { 200: status('ok', 'The process answers.') };
export const READY_ANSWERS = { 200: status('ready', 'It can dream.'), ...faults(503) };
