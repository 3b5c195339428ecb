import type { FastifyReply, FastifyRequest } from 'fastify';
import { faultOf } from './faults.js';
import type { Metrics } from './metrics.js';

type Fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

/** Answers requests that failed. */
export function failing(metrics: Pick<Metrics, 'rejected'>): Fail {
  return (error, request, reply) => {
    const { status, code, message, retryAfter } = faultOf(error);
    metrics.rejected(code);
    if (status === 500) request.log.error({ err: error }, 'a request failed');
    if (status === 401) reply.header('www-authenticate', 'Bearer');
    if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
    return reply.code(status).type('application/json').send({ code, message });
  };
}
