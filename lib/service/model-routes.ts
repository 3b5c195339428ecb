import accepts from 'accepts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { LiveDreamError } from '../errors.js';
import { MODEL_ANSWERS, THUMBNAIL_ANSWERS } from './answers.js';
import { leaving } from './leaving.js';
import { THUMBNAIL_PARAMS } from './schemas.js';
import type { Service } from './service.js';
import { THUMBNAIL_TYPES, type ThumbnailType } from './thumbnail-store.js';
import { FilterThumbnails } from './thumbnails.js';

interface ThumbnailParams {
  readonly model: string;
  readonly filter: string;
}

/** Relative to where the service's routes are, so that it holds behind a proxy too. */
function thumbnailAddress({ model, filter }: ThumbnailParams): string {
  return `v1/models/${encodeURIComponent(model)}/filters/${encodeURIComponent(filter)}/thumbnail`;
}

function describe({ performer, limits }: Service): object {
  const served = performer.model();
  const { model: name, modelSha256: sha256, device, xla, xlaChoices, why, defaultOptions, layers } = served;
  const filters = Object.entries(served.filters).map(([filter, { options = {}, ...of }]) => {
    const thumbnail = thumbnailAddress({ model: name, filter });
    return { name: filter, thumbnail, of, options };
  });
  const { bodyLimit, pixelLimit, octaveLimit, iterationLimit } = limits;
  const most = { bodyLimit, pixelLimit, octaveLimit, iterationLimit };
  const choice = { device, xla, xlaChoices, why };
  return { name, sha256, ...choice, defaultOptions, filters, layers, limits: most };
}

/** JPEG where the client does not care. Throws ERR_LIVEDREAM_NOT_ACCEPTABLE. */
function typeOf(request: FastifyRequest): ThumbnailType {
  const found = accepts(request.raw).type(Object.values(THUMBNAIL_TYPES));
  if (found === THUMBNAIL_TYPES.webp) return 'webp';
  if (found === THUMBNAIL_TYPES.jpeg) return 'jpeg';
  const types = Object.values(THUMBNAIL_TYPES).join(', ');
  const repair = `Send 'Accept: ${THUMBNAIL_TYPES.jpeg}', or none.`;
  throw new LiveDreamError('ERR_LIVEDREAM_NOT_ACCEPTABLE', `'Accept' allows none of ${types}.`, { repair });
}

/** Whether the client has it already: RFC 9110, 13.1.2. */
function has(etag: string, given: string | undefined): boolean {
  const known = (given ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}

const MODELS = { operationId: 'models', summary: 'What can be dreamed of.', response: MODEL_ANSWERS };
const THUMBNAIL = {
  operationId: 'thumbnail',
  summary: 'What a filter makes of a sample.',
  params: THUMBNAIL_PARAMS,
  response: THUMBNAIL_ANSWERS,
};

/** What can be dreamed of. */
export function modelRoutes(app: FastifyInstance, service: Service): void {
  const thumbnails = new FilterThumbnails(service);
  app.get('/v1/models', { schema: MODELS }, async () => ({ models: [describe(service)] }));
  app.get<{ Params: ThumbnailParams }>(
    '/v1/models/:model/filters/:filter/thumbnail',
    { schema: THUMBNAIL },
    async (request, reply) => {
      const { model, filter } = request.params;
      const { model: served } = service.performer.model();
      if (model !== served) {
        const repair = 'Use the name that GET /v1/models lists.';
        const message = `There is no model '${model.slice(0, 60)}' here; there is '${served}'.`;
        throw new LiveDreamError('ERR_LIVEDREAM_MODEL_UNKNOWN', message, { repair });
      }
      const type = typeOf(request);
      const { bytes, etag } = (await thumbnails.of(filter, leaving(reply)))[type];
      // Of one client alone where there is a token; an hour, as a model of the same name may be another tomorrow.
      reply.headers({ etag, vary: 'accept', 'cache-control': 'private, max-age=3600' });
      if (has(etag, request.headers['if-none-match'])) return reply.code(304).send();
      return reply.type(THUMBNAIL_TYPES[type]).send(bytes);
    },
  );
}
