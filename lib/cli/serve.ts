import { once } from 'node:events';
import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import { FARM_OPTIONS } from '../options/farm-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import { SERVE_OPTIONS, SERVICE_OPTIONS } from '../options/serve-options.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import { serverOf } from '../service/server.js';
import { addFlags, readFlags } from './flags.js';
import { addModelFlags, type ModelFlags } from './model-flags.js';
import { interruptSignal, tell } from './report.js';
import { type Served, serveDreamer } from './serve-dreamer.js';
import { refuseLoading, serveFarm } from './serve-farm.js';

/** Lets in nobody new and waits for dreams under way; those that outlast the grace are cancelled. */
async function stop(app: FastifyInstance, served: Served, grace: number): Promise<void> {
  const timer = setTimeout(() => {
    // What was cancelled still gets its answer before the connections go.
    void served.cancel().finally(() => setTimeout(() => app.server.closeAllConnections(), 500));
  }, grace * 1000);
  await app.close();
  clearTimeout(timer);
}

export function registerServe(program: Command): void {
  const command = program
    .command('serve')
    .description('dream of pictures that come by HTTP, on this machine alone unless --host says otherwise');
  addModelFlags(command);
  addFlags(command, LOAD_OPTIONS);
  const loading = new Set([...command.options.map((option) => option.attributeName()), 'xlaChoice']);
  addFlags(command, SERVE_OPTIONS);
  addFlags(command, SERVICE_OPTIONS);
  addFlags(command, FARM_OPTIONS);
  command.action(async (flags: ModelFlags & { readonly queue?: string }) => {
    const values = { ...flags };
    const serve = readOptions(SERVE_OPTIONS, readFlags(values, SERVE_OPTIONS));
    const service = { token: ENVIRONMENT.token(), ...readFlags(values, SERVICE_OPTIONS) };
    readOptions(SERVICE_OPTIONS, service);
    // That there is one in the environment does not say so.
    const onFarm = serve.farm || flags.queue !== undefined;
    if (onFarm) refuseLoading(command, loading);
    const signal = interruptSignal();
    const { xlaChoice } = serve;
    const served = onFarm ? await serveFarm(values) : await serveDreamer(flags, { xlaChoice, service }, signal);
    try {
      const app = serverOf(serve, serve.logLevel);
      await served.register(app, service);
      tell(`livedream: serving ${served.what} on ${await app.listen({ host: serve.host, port: serve.port })}`);
      if (!signal.aborted) await once(signal, 'abort');
      await stop(app, served, serve.grace);
    } finally {
      await served.end();
    }
  });
}
