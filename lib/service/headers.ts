import type { FastifyReply } from 'fastify';

/** What every answer says to browsers: it is no page, nobody may show it as one, keep it or embed it. CORS stays closed. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

export function secure(reply: FastifyReply): void {
  reply.headers(HEADERS);
}
