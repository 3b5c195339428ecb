import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { unauthorized } from './faults.js';
import type { Service } from './service.js';
import { tokenCheck } from './token.js';

/** Where there is a token, routes that are added to the app later want it. */
export function guard(app: FastifyInstance, { limits: { token } }: Service): void {
  if (token === undefined) return;
  const matches = tokenCheck(token);
  app.addHook('onRoute', (route) => {
    if (route.schema) route.schema = { ...route.schema, security: [{ bearer: [] }] };
  });
  app.addHook('onRequest', async ({ headers }) => {
    if (!matches(headers.authorization)) throw unauthorized();
  });
}
