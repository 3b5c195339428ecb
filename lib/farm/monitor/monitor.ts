import { type FastifyInstance, fastify } from 'fastify';
import type { FarmPlace } from '../../options/farm-options.js';
import { MONITOR_OPTIONS, type MonitorOptions } from '../../options/monitor-options.js';
import { readOptions } from '../../options/read.js';
import { ENVIRONMENT } from '../../runtime/environment.js';
import { secretCheck } from '../../service/token.js';
import { FarmConnection } from '../client/farm-connection.js';
import { statusOf } from '../client/status.js';
import { BOARD, mountBoard } from './board.js';
import { farmRegistry } from './metrics.js';

/** The token of `Authorization: Bearer`, or the password that a browser asked for. */
function secretOf(authorization = ''): string {
  const [, scheme = '', given = ''] = /^(Bearer|Basic) +(\S+)$/i.exec(authorization) ?? [];
  if (!/^basic$/i.test(scheme)) return given;
  const pair = Buffer.from(given, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

function guard(app: FastifyInstance, token: string | undefined): void {
  if (token === undefined) return;
  const matches = secretCheck(token);
  app.addHook('onRequest', async ({ url, headers }, reply) => {
    // Probes of containers have no secrets, and learn none.
    if (url === '/healthz') return;
    if (matches(secretOf(headers.authorization))) return;
    await reply
      .code(401)
      .header('www-authenticate', 'Basic realm="livedream farm", charset="UTF-8"')
      .send({ code: 'ERR_LIVEDREAM_UNAUTHORIZED', message: 'The monitor wants its token.' });
  });
}

/** What watches a farm, as long as it is not closed. */
export interface FarmMonitor extends AsyncDisposable {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * Serves what a farm is at: `/metrics` for Prometheus, `/status` as JSON, `/healthz`, and where it is asked for Bull Board.
 * @throws as `Farm.open` does
 * @example
 * ```ts
 * import { monitorFarm } from 'livedream/farm';
 *
 * const token = 'sixteen.letters.or.more';
 * await using monitor = await monitorFarm({ store: 'dreams' }, { port: 0, token });
 * const headers = { authorization: `Bearer ${token}` };
 * const { load } = (await (await fetch(`${monitor.address}/status`, { headers })).json()) as { load: number };
 * ```
 */
export async function monitorFarm(place: FarmPlace = {}, given: MonitorOptions = {}): Promise<FarmMonitor> {
  const { host, port, token = ENVIRONMENT.token(), board } = readOptions(MONITOR_OPTIONS, given);
  const farm = await FarmConnection.open(place);
  const app = fastify({ logger: false, forceCloseConnections: true });
  const close = async (): Promise<void> => {
    await app.close();
    await farm.close();
  };
  try {
    guard(app, token);
    const registry = farmRegistry(farm);
    app.get('/metrics', async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()));
    app.get('/status', () => statusOf(farm));
    app.get('/healthz', async () => ({ redis: await farm.redis.ping() }));
    if (board) {
      await mountBoard(app, farm);
      app.get('/', (_request, reply) => reply.redirect(BOARD));
    }
    return { address: await app.listen({ host, port }), close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}
