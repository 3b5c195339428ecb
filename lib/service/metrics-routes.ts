import type { FastifyInstance } from 'fastify';
import type { Service } from './service.js';

/** Counts all requests of the app's routes. */
export function countRequests(app: FastifyInstance, { metrics }: Service): void {
  app.addHook('onResponse', async (request, { statusCode: status, elapsedTime: milliseconds }) => {
    metrics.answered({ method: request.method, route: request.routeOptions.url ?? '', status, milliseconds });
  });
}

/** What Prometheus asks for. */
export function metricsRoute(app: FastifyInstance, { metrics }: Service): void {
  app.get('/metrics', { logLevel: 'warn' }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
