import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { ServerLimits } from '../options/serve-options.js';
import { faultOf } from './faults.js';
import { secure } from './headers.js';

/** Milliseconds between two looks at which connections are too slow, at most. */
const MOST_BETWEEN_LOOKS = 1000;

/** What is wrong with a request that is not even one, by Node's code. */
const BROKEN: Readonly<Record<string, readonly [status: number, code: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'REQUEST_TIMEOUT', 'The request came too slowly.'],
  HPE_HEADER_OVERFLOW: [431, 'HEADERS_TOO_LARGE', 'The headers of the request are too large.'],
};
const UNREADABLE = [400, 'NO_REQUEST', 'This is no request of HTTP/1.1.'] as const;

/** Whether an answer is already on its way, which another would break. */
function isAnswering(socket: Socket): boolean {
  const answer = Reflect.get(socket, '_httpMessage') as { readonly headersSent?: boolean } | null | undefined;
  return answer?.headersSent === true;
}

/** Says what was wrong and closes the connection. */
function refuse(socket: Socket, [status, code, message]: readonly [number, string, string]): void {
  if (!socket.writable || isAnswering(socket)) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ code, message });
  const headers = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers}\r\n\r\n${body}`, () => socket.destroy());
}

function fail(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  const { status, code, message } = faultOf(error);
  secure(reply);
  void reply.code(status).type('application/json').send({ code, message });
}

/** The server of `livedream serve`: patient with nobody who is slow, and with errors of the one shape that its routes have. */
export function serverOf(limits: ServerLimits, level: string): FastifyInstance {
  const requestTimeout = limits.requestTimeout * 1000;
  const headersTimeout = Math.min(limits.headerTimeout * 1000, requestTimeout);
  const connectionsCheckingInterval = Math.min(MOST_BETWEEN_LOOKS, headersTimeout / 2);
  const app = fastify({
    logger: { level, redact: ['req.headers.authorization'] },
    requestTimeout,
    keepAliveTimeout: limits.keepAlive * 1000,
    http: { requestTimeout, headersTimeout, connectionsCheckingInterval },
    forceCloseConnections: 'idle',
    frameworkErrors: fail,
    clientErrorHandler: ({ code = '' }, socket) => {
      if (code === 'ECONNRESET' || socket.destroyed) return;
      app.log.info({ code }, 'a request was none');
      refuse(socket, BROKEN[code] ?? UNREADABLE);
    },
  });
  app.server.maxConnections = limits.connectionLimit;
  app.server.on('drop', () => app.log.warn('a connection more than connectionLimit was closed'));
  app.setNotFoundHandler((_request, reply) => {
    secure(reply);
    return reply.code(404).send({ code: 'NOT_FOUND', message: 'There is nothing here: docs/service.md.' });
  });
  return app;
}
