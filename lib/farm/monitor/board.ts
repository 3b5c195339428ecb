import type { FastifyInstance } from 'fastify';
import type { FarmConnection } from '../client/farm-connection.js';
import { farmPackage } from '../packages.js';

/** Where it is. */
export const BOARD = '/board';

/** Mounts Bull Board, where jobs can be looked at, tried again and removed. Rejects with ERR_LIVEDREAM_FARM_PACKAGE. */
export async function mountBoard(app: FastifyInstance, { queue }: FarmConnection): Promise<void> {
  const { FastifyAdapter } = await farmPackage('@bull-board/fastify');
  const { createBullBoard } = await farmPackage('@bull-board/api');
  const { BullMQAdapter } = await farmPackage('@bull-board/api/bullMQAdapter');
  const server = new FastifyAdapter();
  server.setBasePath(BOARD);
  createBullBoard({
    queues: [new BullMQAdapter(queue)],
    serverAdapter: server,
    options: { uiConfig: { boardTitle: 'livedream farm' } },
  });
  await app.register(server.registerPlugin(), { prefix: BOARD });
}
