import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, vi } from 'vitest';
import type { FetchDescription } from '../../../lib/model/fetch-description.js';
import { smallInception } from '../../../tools/graphs/small-inception.mjs';
import { makeZip } from '../../runtime/support/zip.js';

export const GRAPH = smallInception();
export const LABELS = Buffer.from('dummy\nkit fox\nEnglish setter\n');

/** An archive as inception5h's is. */
export const ARCHIVE = makeZip([
  { name: 'LICENSE', data: 'a licence' },
  { name: 'net/labels.txt', data: LABELS },
  { name: 'net/graph.pb', data: GRAPH },
]);

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export type Described = Record<string, unknown> & { readonly fetch: Record<string, unknown> };

/** The description of the model that is in the archive. */
export function description(origin: string, fetch: Partial<FetchDescription> = {}): Described {
  return {
    title: 'A network for tests',
    licence: 'Apache-2.0',
    sha256: sha256(GRAPH),
    input: 'input',
    preprocessing: { mean: 117, scale: 1 },
    defaultLayer: 'mixed3b_3x3_pre_relu',
    fetch: {
      url: `${origin}/models/net.zip`,
      sha256: sha256(ARCHIVE),
      bytes: ARCHIVE.length,
      graph: 'net/graph.pb',
      labels: 'net/labels.txt',
      labelsSha256: sha256(LABELS),
      ...fetch,
    },
  };
}

/** A folder of models, of which `net` is to be fetched; answers with the folder. */
export function writeCatalogue(folder: string, described: object): string {
  mkdirSync(path.join(folder, 'net'), { recursive: true });
  writeFileSync(path.join(folder, 'net', 'model.json'), JSON.stringify(described));
  return folder;
}

const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'NPM_CONFIG_PROXY', 'NPM_CONFIG_HTTPS_PROXY'];

/** No proxy and no mirror of this machine's. */
export function withoutProxies(): void {
  beforeEach(() => {
    for (const name of PROXIES) {
      vi.stubEnv(name, undefined);
      vi.stubEnv(name.toLowerCase(), undefined);
    }
    vi.stubEnv('LIVEDREAM_MODEL_MIRROR', undefined);
  });
}
