import type { FastifyInstance } from 'fastify';
import { HEALTH_ANSWERS, READY_ANSWERS } from './answers.js';
import type { Service } from './service.js';

const HEALTH = { operationId: 'health', summary: 'Whether the process answers.', response: HEALTH_ANSWERS };
const READY = { operationId: 'ready', summary: 'Whether it can dream.', response: READY_ANSWERS };

/** Whether the process answers, and whether it can dream; open to everyone. */
export function healthRoutes(app: FastifyInstance, { performer }: Service): void {
  app.get('/healthz', { logLevel: 'warn', schema: HEALTH }, async () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'warn', schema: READY }, async () => {
    await performer.ready();
    return { status: 'ready' };
  });
}
