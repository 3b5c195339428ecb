import multipart from '@fastify/multipart';
import { errorCodes, type FastifyInstance, type FastifyRequest } from 'fastify';
import { LiveDreamError, optionRangeError, optionTypeError } from '../errors.js';
import { ANSWER_OPTIONS, type AnswerOptions } from '../options/answer-options.js';
import { parseValue } from '../options/parse.js';

/** What a form takes beside its pictures: borders, headers and its other fields. */
const FIELD_LIMIT = 65_536;
const FILES: readonly string[] = ['image', 'mask'];
/** What is JSON in text. */
const OBJECTS: readonly string[] = ['start', 'options', 'recipe'];
const FIELDS = ['start', 'options', 'recipe', 'format', ...Object.keys(ANSWER_OPTIONS)] as const;

function unreadable(message: string, cause?: unknown): LiveDreamError {
  return new LiveDreamError('ERR_LIVEDREAM_REQUEST_UNREADABLE', message, { cause });
}

/** What the parser says, by its code; what has none is its view of a form that is broken. */
function ofParser(error: Error & { readonly code?: string }): Error {
  const { code } = error;
  if (code === undefined) return unreadable(`The form is broken: ${error.message.slice(0, 200)}.`, error);
  if (code === 'FST_REQ_FILE_TOO_LARGE') return errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
  if (code === 'FST_INVALID_JSON_FIELD_ERROR') return optionTypeError('options', 'JSON', 'what cannot be read as such');
  if (/^FST_(PARTS|FILES|FIELDS)_LIMIT$/.test(code))
    return unreadable(
      `The form has more than the files 'image' and 'mask' and the fields ${FIELDS.join(', ')}.`,
      error,
    );
  return /^FST_(MP|PROTO)_/.test(code) ? unreadable(`The form cannot be read: ${error.message}.`, error) : error;
}

function objectOf(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    throw optionTypeError(name, 'an object in JSON', value);
  }
}

function fieldOf(name: string, value: unknown): unknown {
  if (OBJECTS.includes(name)) return objectOf(name, value);
  if (Object.hasOwn(ANSWER_OPTIONS, name))
    return parseValue(name, ANSWER_OPTIONS[name as keyof AnswerOptions], String(value));
  return value;
}

async function read(request: FastifyRequest, fileSize: number): Promise<Record<string, unknown>> {
  const form: Record<string, unknown> = {};
  const limits = { fileSize, files: FILES.length, fields: FIELDS.length, parts: FIELDS.length + FILES.length };
  const ofFields = { fieldNameSize: 100, fieldSize: FIELD_LIMIT, headerPairs: 20 };
  for await (const part of request.parts({ limits: { ...limits, ...ofFields } })) {
    const name = part.fieldname ?? '';
    if (Object.hasOwn(form, name)) throw optionRangeError(name, 'given once', 'given again');
    if (part.type === 'file' && !FILES.includes(name)) throw optionRangeError(name, 'no file', part.filename);
    if (part.type === 'field' && FILES.includes(name))
      throw optionTypeError(name, "a file, such as curl's -F image=@photo.jpg", part.value);
    if (part.type === 'field' && part.valueTruncated) throw errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
    form[name] = part.type === 'file' ? await part.toBuffer() : fieldOf(name, part.value);
  }
  return form;
}

/** Rejects when more has come than a form may have: the parser itself throws away without end what is too much. */
function overflow({ raw }: FastifyRequest, most: number): { readonly reached: Promise<never>; end(): void } {
  let count: (chunk: Buffer) => void = () => undefined;
  const reached = new Promise<never>((_resolve, reject) => {
    let bytes = 0;
    count = (chunk) => {
      bytes += chunk.length;
      if (bytes > most) reject(errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
    };
    raw.on('data', count);
  });
  return { reached, end: () => raw.off('data', count) };
}

/** Forms become `{ image or start, mask, options or recipe, format, quality, parameters, xla }`, the picture as its bytes, for the schemas of these routes to look at. */
export async function readForms(app: FastifyInstance, bodyLimit: number): Promise<void> {
  // A service of somebody's own may have it already.
  if (!app.hasRequestDecorator('parts')) await app.register(multipart);
  const most = bodyLimit + FIELD_LIMIT * (FIELDS.length + 1);
  app.addHook('preValidation', async (request, reply) => {
    if (!request.isMultipart()) return;
    const reading = read(request, bodyLimit);
    const { reached, end } = overflow(request, most);
    try {
      request.body = await Promise.race([reading, reached]);
    } catch (error) {
      // What has not come is never read.
      reply.header('connection', 'close');
      request.raw.unpipe();
      throw ofParser(error as Error);
    } finally {
      end();
    }
  });
}
