import type { FastifyInstance } from 'fastify';
import type { Dreamer } from '../dreamer.js';
import type { Service } from './service.js';

function describe(dreamer: Dreamer): object {
  const { model: name, modelSha256: sha256, device, defaultOptions } = dreamer;
  return { name, sha256, device, defaultOptions, filters: Object.keys(dreamer.filters()), layers: dreamer.layers() };
}

/** What can be dreamed of. */
export function modelRoutes(app: FastifyInstance, { dreamer }: Service): void {
  app.get('/v1/models', async () => ({ models: [describe(dreamer)] }));
}
