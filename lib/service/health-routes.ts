import type { FastifyInstance } from 'fastify';
import type { Service } from './service.js';

/** Whether the process answers, and whether it can dream; open to everyone. */
export function healthRoutes(app: FastifyInstance, { dreamer }: Service): void {
  app.get('/healthz', { logLevel: 'warn' }, async () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'warn' }, async () => {
    // Rejects where the Dreamer was disposed of.
    const [layer] = dreamer.layers();
    if (layer) await dreamer.layer(layer.name);
    return { status: 'ready' };
  });
}
