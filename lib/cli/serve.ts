import { once } from 'node:events';
import type { Command } from 'commander';
import type { FastifyInstance } from 'fastify';
import { type LoadOptions, OTHER_LOAD_OPTIONS } from '../load-options.js';
import { LOAD_OPTIONS } from '../options/load-options.js';
import { readOptions } from '../options/read.js';
import { SERVE_OPTIONS, SERVICE_OPTIONS } from '../options/serve-options.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import { livedream } from '../service/plugin.js';
import { serverOf } from '../service/server.js';
import { fetchFirst } from './consent.js';
import { addFlags, readFlags } from './flags.js';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';
import { interruptSignal, printWarnings, tell } from './report.js';
import { ServedDreamers } from './served-dreamers.js';

/** Lets in nobody new and waits for dreams under way; those that outlast the grace are cancelled. */
async function stop(app: FastifyInstance, dreamers: ServedDreamers, grace: number): Promise<void> {
  const timer = setTimeout(() => {
    // What was cancelled still gets its answer before the connections go.
    void dreamers.dispose().finally(() => setTimeout(() => app.server.closeAllConnections(), 500));
  }, grace * 1000);
  await app.close();
  clearTimeout(timer);
}

async function run(flags: ModelFlags): Promise<void> {
  const values = { ...flags };
  const serve = readOptions(SERVE_OPTIONS, readFlags(values, SERVE_OPTIONS));
  const service = { token: ENVIRONMENT.token(), ...readFlags(values, SERVICE_OPTIONS) };
  readOptions(SERVICE_OPTIONS, service);
  const model = readModelFlags(flags);
  const load = { ...readFlags(values, LOAD_OPTIONS), ...(model === undefined ? {} : { model }) } as LoadOptions;
  readOptions(LOAD_OPTIONS, load, OTHER_LOAD_OPTIONS);
  const signal = interruptSignal();
  await fetchFirst(load.model, flags.yes, signal);
  const dreamers = await ServedDreamers.load({ ...load, signal });
  const { first: dreamer } = dreamers;
  try {
    printWarnings(dreamer);
    const app = serverOf(serve, serve.logLevel);
    const otherXla = serve.xlaChoice ? { otherXla: () => dreamers.other() } : {};
    await app.register(livedream, { dreamer, ...otherXla, ...service });
    tell(`livedream: serving '${dreamer.model}' on ${await app.listen({ host: serve.host, port: serve.port })}`);
    if (!signal.aborted) await once(signal, 'abort');
    await stop(app, dreamers, serve.grace);
  } finally {
    await dreamers.dispose();
  }
}

export function registerServe(program: Command): void {
  const command = program
    .command('serve')
    .description('dream of pictures that come by HTTP, on this machine alone unless --host says otherwise');
  addModelFlags(command);
  addFlags(command, SERVE_OPTIONS);
  addFlags(command, SERVICE_OPTIONS);
  addFlags(command, LOAD_OPTIONS);
  command.action(run);
}
