import type { FastifyInstance } from 'fastify';
import { askedOf, type SeedBody, seedAsked, wantsEvents } from './asked.js';
import { dreamEvents } from './dream-events.js';
import { dreamed } from './dreams.js';
import { readForms } from './forms.js';
import { leaving } from './leaving.js';
import { DREAM_BODY, DREAM_FORM, DREAM_QUERY, RESULT_TYPES, SEED_BODY } from './schemas.js';
import type { Service } from './service.js';

const BODY = {
  content: { 'application/json': { schema: DREAM_BODY }, 'multipart/form-data': { schema: DREAM_FORM } },
};

/** A picture in, its dream out. */
export async function dreamRoutes(app: FastifyInstance, service: Service): Promise<void> {
  const { bodyLimit } = service.limits;
  await app.register(async (forms) => {
    await readForms(forms, bodyLimit);
    forms.post(
      '/v1/dreams',
      { bodyLimit, schema: { querystring: DREAM_QUERY, body: BODY } },
      async (request, reply) => {
        const asked = askedOf(request);
        if (wantsEvents(request)) return dreamEvents(service, asked, request, reply);
        const { bytes } = await dreamed(service, asked, leaving(reply));
        return reply.type(RESULT_TYPES[asked.format]).header('vary', 'accept').send(bytes);
      },
    );
  });
  app.post<{ Body: SeedBody }>('/deepdream', { bodyLimit, schema: { body: SEED_BODY } }, async ({ body }, reply) => {
    const { bytes } = await dreamed(service, seedAsked(body), leaving(reply));
    return { file_data: bytes.toString('base64') };
  });
}
