import { once } from 'node:events';
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import type { KnownWorker } from '../../farm/index.js';
import type { ServiceLimits } from '../../options/serve-options.js';
import { gauge, total } from '../collected.js';
import { LIVE_RETRY_AFTER, openSockets } from '../live.js';
import { CLOSED } from '../live-client.js';
import { liveDoor, PROTOCOL } from '../live-door.js';
import type { FarmWatch } from './farm-watch.js';
import { Relay } from './relay.js';

/** Milliseconds that a worker may take to let a client in. */
const PATIENCE = 5000;

/** A worker that takes live clients. */
type LiveWorker = KnownWorker & { readonly live: string };

export interface GatewayParts {
  readonly watch: FarmWatch;
  readonly limits: ServiceLimits;
}

/** A connection to a worker; undefined where there is none to be had. */
async function connect(
  { live }: LiveWorker,
  { token }: ServiceLimits,
  log: FastifyBaseLogger,
): Promise<WebSocket | undefined> {
  try {
    const socket = new WebSocket(live, PROTOCOL, {
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
      handshakeTimeout: PATIENCE,
      perMessageDeflate: false,
      // Its pings are the client's to answer.
      autoPong: false,
    });
    // Until somebody listens: at once, as its greeting may have come with its answer.
    socket.once('open', () => socket.pause());
    await once(socket, 'open');
    return socket;
  } catch (error) {
    log.warn({ err: error, worker: live }, 'a worker that takes live clients cannot be reached');
    return undefined;
  }
}

/** Sends each live client to the worker that has the fewest, where it stays. */
class LiveGateway {
  readonly counts = { accepted: 0, refused: 0, lost: 0 };
  readonly #parts: GatewayParts;
  /** Of each client the worker's id. */
  readonly #clients = new Map<WebSocket, string>();
  readonly #relays = new Set<Relay>();

  constructor(parts: GatewayParts) {
    this.#parts = parts;
  }

  get clients(): number {
    return this.#relays.size;
  }

  stop(): void {
    const reason = 'The service stops.';
    for (const relay of this.#relays) relay.close(CLOSED.goingAway, reason);
    // And those for whom a worker is still looked for.
    for (const client of this.#clients.keys()) {
      client.resume();
      client.close(CLOSED.goingAway, reason);
    }
  }

  async meet(client: WebSocket, { log }: FastifyRequest): Promise<void> {
    const { limits } = this.#parts;
    // What it says is read when somebody hears it.
    client.pause();
    client.once('close', () => this.#clients.delete(client));
    const workers = this.#workers();
    const places = workers.length * limits.liveLimit;
    if (workers.length === 0) return this.#refuse(client, 'No worker takes live clients now.');
    if (this.#clients.size >= places) return this.#refuse(client, `All ${places} places are taken.`);
    for (const worker of workers) {
      this.#clients.set(client, worker.id);
      const socket = await connect(worker, limits, log);
      if (socket && client.readyState === client.OPEN) return this.#begin(client, socket);
      socket?.terminate();
      if (client.readyState !== client.OPEN) return;
    }
    this.#clients.delete(client);
    this.#refuse(client, 'No worker that takes live clients can be reached.');
  }

  #begin(client: WebSocket, worker: WebSocket): void {
    const { livePing: patience } = this.#parts.limits;
    const onLost = (): void => {
      this.counts.lost += 1;
    };
    const relay = new Relay({ client, worker, patience, onLost });
    this.counts.accepted += 1;
    this.#relays.add(relay);
    client.once('close', () => this.#relays.delete(relay));
    worker.resume();
    client.resume();
  }

  #refuse(client: WebSocket, why: string): void {
    this.counts.refused += 1;
    client.resume();
    client.close(CLOSED.later, `${why} Try again in ${LIVE_RETRY_AFTER} s.`);
  }

  /** Those that take live clients, the one with the fewest first: by what it has told, or by what is known here since. */
  #workers(): readonly LiveWorker[] {
    const own = (id: string): number => [...this.#clients.values()].filter((each) => each === id).length;
    return (this.#parts.watch.seen()?.members ?? [])
      .flatMap(({ worker }) => (worker.live === undefined ? [] : [{ ...worker, live: worker.live }]))
      .map((worker) => ({ worker, clients: Math.max(worker.liveClients, own(worker.id)) }))
      .sort((one, other) => one.clients - other.clients)
      .map(({ worker }) => worker);
  }
}

/** `GET /v1/live`, dreamed by workers: the door is here, all else is theirs. */
export async function liveGateway(app: FastifyInstance, registry: Registry, parts: GatewayParts): Promise<void> {
  const gateway = new LiveGateway(parts);
  const { counts } = gateway;
  const enter = liveDoor(parts.limits);
  await openSockets(app, parts.limits, () => gateway.stop());
  app.route({
    method: 'GET',
    url: '/v1/live',
    schema: { hide: true } as object,
    onRequest: async (request) => enter(request),
    // Never asked: the door lets in none that opens no socket.
    handler: async () => undefined,
    wsHandler: (socket, request) => void gateway.meet(socket, request),
  });
  gauge(registry, 'livedream_live_clients', 'Live clients now.', () => gateway.clients);
  total(registry, 'livedream_live_clients_total', 'Live clients that were let in.', () => counts.accepted);
  total(registry, 'livedream_live_refused_total', 'Live clients that were sent away.', () => counts.refused);
  total(registry, 'livedream_live_lost_total', 'Live clients whose worker was gone.', () => counts.lost);
}
