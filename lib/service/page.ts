import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type {} from '@fastify/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import packageRoot from '#package-root';
import { pageFacts } from './page-facts.js';
import type { Service } from './service.js';

/** Nothing from elsewhere, nothing inline; `blob:` are the user's own pictures. 'self' is of the live socket too. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  'media-src blob:',
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the page, as it goes to browsers. */
interface PageFile {
  readonly bytes: Buffer;
  readonly type: string;
  readonly tag: string;
}

type PageFiles = ReadonlyMap<string, PageFile>;

function fileOf(name: string, bytes: Buffer): [string, PageFile] {
  // By content: packages come with one date for all files of all versions.
  const tag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return [name, { bytes, type: TYPES[path.extname(name)] as string, tag }];
}

async function readFiles(service: Service): Promise<PageFiles> {
  const folder = path.join(packageRoot, 'dist/page');
  const names = (await readdir(folder)).filter((name) => Object.hasOwn(TYPES, path.extname(name)));
  const read = async (name: string, file: string) => fileOf(name, await readFile(file));
  return new Map([
    ...(await Promise.all(names.map((name) => read(name, path.join(folder, name))))),
    await read('sample.jpg', path.join(packageRoot, 'docs/images/sample.jpg')),
    fileOf('facts.json', Buffer.from(JSON.stringify(pageFacts(service)))),
  ]);
}

/** The file, or that the browser's own is still the same. */
function give({ bytes, type, tag }: PageFile, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.headers({
    // Kept, and asked about each time: a new version of the package is there at once.
    'cache-control': 'no-cache',
    'content-security-policy': POLICY,
    'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    etag: tag,
  });
  const known = request.headers['if-none-match']?.split(',').map((each) => each.trim().replace(/^W\//, ''));
  if (known?.includes(tag)) return reply.code(304).send();
  return reply.type(type).send(bytes);
}

/** The page at the plugin's prefix. It needs no token, for it holds nothing that the package does not. */
export function pageRoutes(app: FastifyInstance, service: Service): void {
  let reading: Promise<PageFiles> | undefined;
  const files = (): Promise<PageFiles> => {
    reading ??= readFiles(service);
    return reading;
  };
  // No part of the API.
  const hidden = { schema: { hide: true } };
  app.get('/', hidden, async (request, reply) => {
    const [address = ''] = request.url.split('?', 1);
    // The page's addresses are relative to a folder, wherever a proxy puts it.
    if (!address.endsWith('/')) return reply.redirect(`${path.posix.basename(address)}/`, 308);
    return give((await files()).get('page.html') as PageFile, request, reply);
  });
  app.get<{ Params: { readonly name: string } }>('/page/:name', hidden, async (request, reply) => {
    const file = (await files()).get(request.params.name);
    if (!file) return reply.callNotFound();
    return give(file, request, reply);
  });
}
