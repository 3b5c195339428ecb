import type { FastifyPluginAsync } from 'fastify';
import type { Dreamer } from '../dreamer.js';
import { optionTypeError } from '../errors.js';
import type { Farm } from '../farm/farm.js';
import { readOptions } from '../options/read.js';
import { type GivenServiceOptions, SERVICE_OPTIONS, type ServiceLimits } from '../options/serve-options.js';
import { Activity } from './activity.js';
import { dreamRoutes } from './dream-routes.js';
import type { LoadOther } from './dreamers.js';
import { failing } from './fail.js';
import { guard } from './guard.js';
import { secure } from './headers.js';
import { healthRoutes } from './health-routes.js';
import { LocalPerformer } from './local-performer.js';
import { Metrics } from './metrics.js';
import { countRequests, metricsRoute } from './metrics-routes.js';
import { modelRoutes } from './model-routes.js';
import { openApi } from './openapi.js';
import { pageRoutes } from './page.js';
import type { Performer } from './performer.js';
import { validatorOf } from './schemas.js';
import type { Service } from './service.js';
import { dropSlowReaders } from './slow-readers.js';

/** The options of the plugin: docs/options.md. What dreams is the caller's, and stays open here. */
export type ServiceOptions = LocalServiceOptions | FarmServiceOptions;
export type LocalServiceOptions = GivenServiceOptions & OwnDreamer;
export type FarmServiceOptions = GivenServiceOptions & OnFarm;

interface OwnDreamer {
  /** Loaded. */
  readonly dreamer: Dreamer;
  /** Loads the like that dreams with XLA if it does without, or the other way; called when a client first asks for it. */
  readonly otherXla?: LoadOther;
  readonly farm?: undefined;
}

interface OnFarm {
  /** In the place of a Dreamer: its workers dream. */
  readonly farm: Farm;
  /** Aborts when dreams under way are to be cancelled, as at the end of a stop's grace. */
  readonly cancel?: AbortSignal;
  readonly dreamer?: undefined;
}

function limitsOf(given: object): ServiceLimits {
  const {
    dreamer: _dreamer,
    otherXla: _other,
    farm: _farm,
    cancel: _cancel,
    prefix: _fastifys,
    ...own
  } = given as Record<string, unknown>;
  return readOptions(SERVICE_OPTIONS, own);
}

/** What a farm needs is loaded only where there is one. */
async function performerOf(options: ServiceOptions, limits: ServiceLimits): Promise<Performer> {
  if (options.farm !== undefined) {
    const { dreamer } = options as { readonly dreamer?: unknown };
    if (dreamer !== undefined) throw optionTypeError('dreamer', "left out where there is a 'farm'", dreamer);
    if (typeof options.farm.workers !== 'function') throw optionTypeError('farm', 'a Farm', options.farm);
    const { FarmPerformer } = await import('./farm/farm-performer.js');
    return FarmPerformer.begin(options.farm, limits, options.cancel);
  }
  const { dreamer, otherXla } = options;
  if (typeof dreamer?.dream !== 'function') throw optionTypeError('dreamer', 'a Dreamer', dreamer);
  return new LocalPerformer(dreamer, otherXla, limits);
}

async function serviceOf(options: ServiceOptions): Promise<Service> {
  const limits = limitsOf(options);
  const performer = await performerOf(options, limits);
  const [activity, metrics] = [new Activity(), new Metrics()];
  performer.measure(metrics.registry, activity);
  return { performer, limits, activity, metrics };
}

/**
 * A Fastify plugin with the routes of docs/service.md; what it sets of parsers, errors and headers holds for them alone. `dreamer` stays
 * the caller's, who disposes of it when the service is closed; with a `farm` in its place workers dream.
 * @throws when it is registered: TypeError or RangeError for wrong options; with a farm as `Farm.open` does
 * @example
 * ```ts
 * import fastify from 'fastify';
 * import { livedream } from 'livedream/fastify';
 *
 * const app = fastify();
 * await app.register(livedream, { prefix: '/dreams', dreamer, page: false });
 * await app.listen({ port: 0 }); // a free one: GET /dreams/healthz, POST /dreams/v1/dreams ...
 * await app.close();
 * ```
 */
export const livedream: FastifyPluginAsync<ServiceOptions> = async (app, options) => {
  const service = await serviceOf(options);
  app.addHook('onClose', async () => service.performer.close());
  app.setValidatorCompiler(validatorOf);
  app.setSerializerCompiler(() => JSON.stringify);
  app.setErrorHandler(failing(service.metrics));
  countRequests(app, service);
  dropSlowReaders(app, service);
  app.addHook('onRequest', async (_request, reply) => secure(reply));
  // A page of another origin can send text without asking; nothing here reads it.
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser(/^(image\/|application\/octet-stream)/, { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  await openApi(app, service);
  healthRoutes(app, service);
  if (service.limits.page) pageRoutes(app, service);
  if (service.limits.openMetrics) metricsRoute(app, service);
  await service.performer.openLive(app, service.metrics.registry);
  await app.register(async (guarded) => {
    guard(guarded, service);
    if (!service.limits.openMetrics) metricsRoute(guarded, service);
    modelRoutes(guarded, service);
    await dreamRoutes(guarded, service);
  });
};
