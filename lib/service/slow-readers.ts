import type { FastifyInstance } from 'fastify';
import type { Service } from './service.js';

interface Limited {
  readonly limits: Pick<Service['limits'], 'answerTimeout'>;
}

/**
 * Drops connections whose clients leave their answer unread: it would stay in memory, and its place taken. A pause of the answer
 * itself, as of events, counts for nothing.
 */
export function dropSlowReaders(app: FastifyInstance, { limits: { answerTimeout } }: Limited): void {
  app.addHook('onSend', async (request, { raw }) => {
    raw.setTimeout(answerTimeout * 1000, () => {
      if (raw.writableLength === 0) return;
      request.log.info('a client left its answer unread');
      raw.destroy();
    });
  });
}
