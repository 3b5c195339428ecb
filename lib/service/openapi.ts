import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { Schema } from '../options/json-schema.js';
import { packageVersion } from '../version.js';
import { FAULT_SCHEMA } from './answers.js';
import type { Service } from './service.js';

const BEARER = { bearer: { type: 'http', scheme: 'bearer', description: 'The token of the service.' } } as const;

/** Where it is put on the app, beside what an app of somebody's own may have of the same plugin. */
const DECORATOR = 'livedreamDocument';

interface Documented {
  readonly [DECORATOR]: () => object;
}

/** What is checked as bytes and not as text stands in the document as text of format `binary`. */
function described(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(described);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, described(each)]);
  const copy = Object.fromEntries(entries) as Record<string, unknown>;
  return copy['format'] === 'binary' ? { type: 'string', ...copy } : copy;
}

/** `GET /openapi.json`, of all routes that are added to the app later. */
export async function openApi(app: FastifyInstance, { limits: { token } }: Service): Promise<void> {
  app.addSchema(FAULT_SCHEMA);
  await app.register(swagger, {
    decorator: DECORATOR as 'swagger',
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'livedream',
        description: 'DeepDream of pictures.',
        version: packageVersion(),
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: app.prefix || '/' }],
      components: token === undefined ? {} : { securitySchemes: BEARER },
    },
    refResolver: {
      buildLocalReference: ({ $id }, _uri, _fragment, number) =>
        $id === FAULT_SCHEMA.$id ? 'Fault' : `part-${number}`,
    },
  });
  let document: unknown;
  app.get('/openapi.json', { schema: { hide: true } as Schema }, async () => {
    document ??= described((app as unknown as Documented)[DECORATOR]());
    return document;
  });
}
