import type { FastifyPluginAsync } from 'fastify';
import type { Dreamer } from '../dreamer.js';
import { optionTypeError } from '../errors.js';
import { readOptions } from '../options/read.js';
import { type GivenServiceOptions, SERVICE_OPTIONS } from '../options/serve-options.js';
import { Activity } from './activity.js';
import { dreamRoutes } from './dream-routes.js';
import { Dreamers, type LoadOther } from './dreamers.js';
import { failing } from './fail.js';
import { guard } from './guard.js';
import { secure } from './headers.js';
import { healthRoutes } from './health-routes.js';
import { liveRoutes } from './live.js';
import { liveMetrics } from './live-metrics.js';
import { Metrics } from './metrics.js';
import { countRequests, metricsRoute } from './metrics-routes.js';
import { modelRoutes } from './model-routes.js';
import { openApi } from './openapi.js';
import { pageRoutes } from './page.js';
import { validatorOf } from './schemas.js';
import type { Service } from './service.js';
import { dropSlowReaders } from './slow-readers.js';
import { turnsOn } from './turns.js';

/** The options of the plugin: docs/options.md. */
export type ServiceOptions = GivenServiceOptions & {
  /** Loaded, and the caller's: it is not disposed of here. */
  readonly dreamer: Dreamer;
  /** Loads the like that dreams with XLA if it does without, or the other way; called when a client first asks for it. */
  readonly otherXla?: LoadOther;
};

function serviceOf({ dreamer, otherXla, ...given }: ServiceOptions): Service {
  if (typeof dreamer?.dream !== 'function') throw optionTypeError('dreamer', 'a Dreamer', dreamer);
  const { prefix: _fastifys, ...own } = given as GivenServiceOptions & { readonly prefix?: string };
  const limits = readOptions(SERVICE_OPTIONS, own);
  const activity = new Activity();
  const turns = turnsOn(dreamer, limits);
  const dreamers = new Dreamers(dreamer, otherXla);
  return { dreamer, dreamers, limits, activity, turns, metrics: new Metrics(dreamer, activity, turns) };
}

/** A Fastify plugin with the routes of docs/service.md; what it sets of parsers, errors and headers holds for them alone. */
export const livedream: FastifyPluginAsync<ServiceOptions> = async (app, options) => {
  const service = serviceOf(options);
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
  liveMetrics(service.metrics.registry, await liveRoutes(app, service));
  await app.register(async (guarded) => {
    guard(guarded, service);
    if (!service.limits.openMetrics) metricsRoute(guarded, service);
    modelRoutes(guarded, service);
    await dreamRoutes(guarded, service);
  });
};
