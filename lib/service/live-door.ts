import type { FastifyRequest } from 'fastify';
import { LiveDreamError } from '../errors.js';
import type { ServiceLimits } from '../options/serve-options.js';
import { unauthorized } from './faults.js';
import { unreadableMessage } from './live-options.js';
import { tokenCheck } from './token.js';

export const PROTOCOL = 'livedream.v1';

/** What a browser, which cannot set headers here, sends the token as. */
const BEARER = 'bearer.';

function offered({ headers }: FastifyRequest): string[] {
  return (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
}

/** The header `Authorization`, or what stands for it among the subprotocols. */
function authorization(request: FastifyRequest): string | undefined {
  const protocol = offered(request).find((name) => name.startsWith(BEARER));
  if (request.headers.authorization !== undefined || protocol === undefined) return request.headers.authorization;
  return `Bearer ${Buffer.from(protocol.slice(BEARER.length), 'base64url').toString()}`;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Browsers open sockets across origins without asking, so that any page could use a service that its reader can reach. */
function checkOrigin({ headers, host }: FastifyRequest, allowed: ReadonlySet<string>): void {
  const { origin } = headers;
  if (origin === undefined || hostOf(origin) === host || allowed.has(origin)) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_ORIGIN_REFUSED',
    `Pages of '${origin.slice(0, 100)}' may not open this socket.`,
  );
}

/** Who may come in. The function throws for all others, with a status by `faultOf`. */
export function liveDoor({ token, origins }: ServiceLimits): (request: FastifyRequest) => void {
  const matches = token === undefined ? () => true : tokenCheck(token);
  const allowed = new Set(origins?.split(','));
  return (request) => {
    if (!request.ws)
      throw new LiveDreamError('ERR_LIVEDREAM_UPGRADE_REQUIRED', 'Here is a WebSocket, and this request opens none.');
    checkOrigin(request, allowed);
    if (!matches(authorization(request))) throw unauthorized();
    if (!offered(request).includes(PROTOCOL))
      throw unreadableMessage(`The client does not offer the subprotocol '${PROTOCOL}'.`);
  };
}
