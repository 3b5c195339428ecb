import type { FastifyReply, FastifyRequest } from 'fastify';
import { faultOf } from './faults.js';

/** Answers a request that failed. */
export function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, message, retryAfter } = faultOf(error);
  if (status === 500) request.log.error({ err: error }, 'a request failed');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply.code(status).type('application/json').send({ code, message });
}
