import websocket, { type WebSocket } from '@fastify/websocket';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Dreamer } from '../dreamer.js';
import type { ServiceLimits } from '../options/serve-options.js';
import { CLOSED, LiveClient } from './live-client.js';
import { type LiveCounts, liveCounts } from './live-counts.js';
import { liveDoor, PROTOCOL } from './live-door.js';
import type { Turns } from './turns.js';

/** What live clients need of what dreams for them. */
export interface LiveHost {
  readonly dreamer: Dreamer;
  readonly limits: ServiceLimits;
  readonly turns: Turns;
}

/** Seconds after which one who was sent away may try again. */
export const LIVE_RETRY_AFTER = 10;

/** How long a client may take to say goodbye, in milliseconds. */
const GOODBYE = 2000;

/** Sockets of this service alone; an app that has its own keeps its settings. */
export async function openSockets(app: FastifyInstance, limits: ServiceLimits, stop: () => void): Promise<void> {
  if (app.hasDecorator('websocketServer')) {
    app.addHook('preClose', async () => stop());
    return;
  }
  const options = {
    // What is a little too large is refused with words, by LiveClient.
    maxPayload: 2 * limits.liveFrameLimit,
    maxFragments: 64,
    closeTimeout: GOODBYE,
    perMessageDeflate: false,
    handleProtocols: (protocols: ReadonlySet<string>) => (protocols.has(PROTOCOL) ? PROTOCOL : false),
  } as const;
  // An upgrade that a route outside of this plugin answers nobody would close; sockets that are opened turn this off.
  app.server.on('upgrade', ({ socket }) => socket.setTimeout(GOODBYE, () => socket.destroy()));
  await app.register(websocket, {
    options,
    // Its own would end the connection before the client has read why.
    errorHandler: (error, _socket, request) =>
      request.log.info({ code: Reflect.get(error, 'code') }, 'a socket failed'),
    preClose: (done) => {
      stop();
      done();
    },
  });
}

/** `GET /v1/live`: docs/service.md. It has a door of its own, since browsers cannot send headers here. */
export async function liveRoutes(app: FastifyInstance, host: LiveHost): Promise<LiveCounts> {
  const { dreamer, limits, turns } = host;
  const counts = liveCounts();
  const clients = new Set<LiveClient>();
  const enter = liveDoor(limits);
  await openSockets(app, limits, () => {
    for (const client of clients) client.close(CLOSED.goingAway, 'The service stops.');
  });
  const meet = (socket: WebSocket, { log }: FastifyRequest): void => {
    if (clients.size >= limits.liveLimit) {
      counts.refused += 1;
      socket.close(CLOSED.later, `All ${limits.liveLimit} places are taken. Try again in ${LIVE_RETRY_AFTER} s.`);
      return;
    }
    const client = new LiveClient(socket, { dreamer, limits, turns, counts, log });
    clients.add(client);
    counts.accepted += 1;
    counts.clients = clients.size;
    socket.once('close', () => {
      clients.delete(client);
      counts.clients = clients.size;
    });
  };
  app.route({
    method: 'GET',
    url: '/v1/live',
    schema: { hide: true } as object,
    onRequest: async (request) => enter(request),
    // Never asked: the door lets in none that opens no socket.
    handler: async () => undefined,
    wsHandler: meet,
  });
  return counts;
}
