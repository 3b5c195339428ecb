import type { FastifyInstance } from 'fastify';
import { METRICS_ANSWERS } from './answers.js';
import type { Service } from './service.js';

/** Counts all requests of the app's routes. */
export function countRequests(app: FastifyInstance, { metrics }: Service): void {
  app.addHook('onResponse', async (request, { statusCode: status, elapsedTime: milliseconds }) => {
    metrics.answered({ method: request.method, route: request.routeOptions.url ?? '', status, milliseconds });
  });
}

const METRICS = { operationId: 'metrics', summary: 'Counters and times.', response: METRICS_ANSWERS };

/** What Prometheus asks for. */
export function metricsRoute(app: FastifyInstance, { metrics }: Service): void {
  app.get('/metrics', { logLevel: 'warn', schema: METRICS }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
}
