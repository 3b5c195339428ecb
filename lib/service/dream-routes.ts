import type {} from '@fastify/swagger';
import type { FastifyContextConfig, FastifyInstance } from 'fastify';
import { DREAM_ANSWERS, SEED_ANSWERS } from './answers.js';
import { askedOf, type SeedBody, seedAsked, wantsEvents } from './asked.js';
import { dreamEvents } from './dream-events.js';
import { dreamed } from './dreams.js';
import { readForms } from './forms.js';
import { leaving } from './leaving.js';
import {
  DREAM_BODY,
  DREAM_BYTES,
  DREAM_FORM,
  DREAM_QUERY,
  DREAM_QUERY_VALUES,
  RESULT_TYPES,
  SEED_BODY,
} from './schemas.js';
import type { Service } from './service.js';

const BODY = {
  content: {
    'application/json': { schema: DREAM_BODY },
    'multipart/form-data': { schema: DREAM_FORM },
    'image/*': { schema: DREAM_BYTES },
    'application/octet-stream': { schema: DREAM_BYTES },
  },
};

const DREAM = {
  operationId: 'dream',
  summary: 'Dreams of a picture.',
  querystring: DREAM_QUERY,
  body: BODY,
  response: DREAM_ANSWERS,
};

const SEED = {
  operationId: 'deepdream',
  summary: "Dreams of a picture as the seed's app did.",
  body: SEED_BODY,
  response: SEED_ANSWERS,
};

/** In the document, values of the address are what their text means. */
const DOCUMENTED: FastifyContextConfig = {
  swaggerTransform: ({ schema, url }) => ({ url, schema: { ...schema, querystring: DREAM_QUERY_VALUES } }),
};

/** A picture in, its dream out. */
export async function dreamRoutes(app: FastifyInstance, service: Service): Promise<void> {
  const { bodyLimit } = service.limits;
  await app.register(async (forms) => {
    await readForms(forms, bodyLimit);
    forms.post('/v1/dreams', { bodyLimit, schema: DREAM, config: DOCUMENTED }, async (request, reply) => {
      const asked = askedOf(request, service.performer.model().model);
      if (wantsEvents(request)) return dreamEvents(service, asked, request, reply);
      const { bytes } = await dreamed(service, asked, leaving(reply));
      return reply.type(RESULT_TYPES[asked.format]).header('vary', 'accept').send(bytes);
    });
  });
  app.post<{ Body: SeedBody }>('/deepdream', { bodyLimit, schema: SEED }, async ({ body }, reply) => {
    const { bytes } = await dreamed(service, seedAsked(body), leaving(reply));
    return { file_data: bytes.toString('base64') };
  });
}
