import type { FastifyReply } from 'fastify';

/** Aborts when the client leaves before it has its answer. */
export function leaving({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const left = (): void => {
    if (!raw.writableFinished) controller.abort(new Error('the client left'));
  };
  if (raw.destroyed) left();
  else raw.once('close', left);
  return controller.signal;
}
