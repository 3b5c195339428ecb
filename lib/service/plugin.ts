import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Dreamer } from '../dreamer.js';
import { optionTypeError } from '../errors.js';
import { readOptions } from '../options/read.js';
import { type GivenServiceOptions, SERVICE_OPTIONS } from '../options/serve-options.js';
import { askedOf, type SeedBody, seedAsked } from './asked.js';
import { dreamed } from './dreams.js';
import { faultOf, unauthorized } from './faults.js';
import { secure } from './headers.js';
import { liveRoutes } from './live.js';
import { DREAM_BODY, DREAM_QUERY, RESULT_TYPES, SEED_BODY, validatorOf } from './schemas.js';
import { tokenCheck } from './token.js';

/** The options of the plugin: docs/options.md. */
export type ServiceOptions = GivenServiceOptions & {
  /** Loaded, and the caller's: it is not disposed of here. */
  readonly dreamer: Dreamer;
};

/** Aborts when the client leaves before it has its answer. */
function leaving({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController();
  const left = (): void => {
    if (!raw.writableFinished) controller.abort(new Error('the client left'));
  };
  if (raw.destroyed) left();
  else raw.once('close', left);
  return controller.signal;
}

function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, code, message, retryAfter } = faultOf(error);
  if (status === 500) request.log.error({ err: error }, 'a request failed');
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  return reply.code(status).type('application/json').send({ code, message });
}

function describe(dreamer: Dreamer): object {
  const { model: name, modelSha256: sha256, device, defaultOptions } = dreamer;
  return { name, sha256, device, defaultOptions, filters: Object.keys(dreamer.filters()), layers: dreamer.layers() };
}

function health(app: FastifyInstance, dreamer: Dreamer): void {
  app.get('/healthz', { logLevel: 'warn' }, async () => ({ status: 'ok' }));
  app.get('/readyz', { logLevel: 'warn' }, async () => {
    // Rejects where the Dreamer was disposed of.
    const [layer] = dreamer.layers();
    if (layer) await dreamer.layer(layer.name);
    return { status: 'ready' };
  });
}

/** A Fastify plugin with the routes of docs/service.md; what it sets of parsers, errors and headers holds for them alone. */
export const livedream: FastifyPluginAsync<ServiceOptions> = async (app, { dreamer, ...given }) => {
  if (typeof dreamer?.dream !== 'function') throw optionTypeError('dreamer', 'a Dreamer', dreamer);
  const { prefix: _fastifys, ...own } = given as GivenServiceOptions & { readonly prefix?: string };
  const { token, ...rest } = readOptions(SERVICE_OPTIONS, own);
  const limits = { token, ...rest };
  app.setValidatorCompiler(validatorOf);
  app.setErrorHandler(fail);
  app.addHook('onRequest', async (_request, reply) => secure(reply));
  // A page of another origin can send text without asking; nothing here reads it.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  health(app, dreamer);
  await liveRoutes(app, { dreamer, limits });
  await app.register(async (guarded) => {
    if (token !== undefined) {
      const matches = tokenCheck(token);
      guarded.addHook('onRequest', async ({ headers }) => {
        if (!matches(headers.authorization)) throw unauthorized();
      });
    }
    const { bodyLimit } = limits;
    guarded.get('/v1/models', async () => ({ models: [describe(dreamer)] }));
    const body = { content: { 'application/json': { schema: DREAM_BODY } } };
    guarded.post('/v1/dreams', { bodyLimit, schema: { querystring: DREAM_QUERY, body } }, async (request, reply) => {
      const asked = askedOf(request);
      const { bytes } = await dreamed(dreamer, asked, limits, leaving(reply));
      return reply.type(RESULT_TYPES[asked.format]).header('vary', 'accept').send(bytes);
    });
    guarded.post<{ Body: SeedBody }>(
      '/deepdream',
      { bodyLimit, schema: { body: SEED_BODY } },
      async ({ body }, reply) => {
        const { bytes } = await dreamed(dreamer, seedAsked(body), limits, leaving(reply));
        return { file_data: bytes.toString('base64') };
      },
    );
  });
};
