// A model of the package whose graph is in the user's cache.
import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { openModel } from '../../lib/model/source.js';
import { description, GRAPH, sha256, writeCatalogue } from '../catalogue/support/fetchable.js';
import { usePlace } from '../runtime/support/place.js';

const place = usePlace();
let catalogue: string;
let graph: string;
beforeEach(() => {
  catalogue = writeCatalogue(path.join(place.folder, 'models'), description('https://example.org'));
  graph = path.join(place.cache, 'models/net/graph.pb');
});

function keep(bytes: Uint8Array): void {
  mkdirSync(path.dirname(graph), { recursive: true });
  writeFileSync(graph, bytes);
}

async function refused(): Promise<Error & { code: string }> {
  return openModel('net', catalogue).then(
    () => expect.unreachable('It was opened.'),
    (error: unknown) => error as Error & { code: string },
  );
}

describe('a model that is fetched', () => {
  test('is opened from the cache, with its description', async () => {
    keep(GRAPH);
    const source = await openModel('net', catalogue);
    expect(source).toMatchObject({ name: 'net', sha256: sha256(GRAPH), description: { title: 'A network for tests' } });
    expect(Buffer.from(source.graph).equals(GRAPH)).toBe(true);
  });

  test('says what it is, how large, under which licence and what to run where it is not there', async () => {
    const { code, message } = await refused();
    expect(code).toBe('ERR_LIVEDREAM_MODEL_NOT_FETCHED');
    expect(message).toMatch(/'net' \(A network for tests\): 0\.\d MB from https:\/\/example\.org\/models\/net\.zip/);
    expect(message).toContain('licence Apache-2.0. Run `npx livedream models fetch net`, or call `fetchModel');
  });

  test.each([
    ['cut off', (): void => truncateSync(graph, 1000)],
    ['empty', (): void => truncateSync(graph, 0)],
    [
      'changed by a bit',
      (): void =>
        writeFileSync(
          graph,
          GRAPH.map((byte, at) => (at === 5000 ? byte ^ 1 : byte)),
        ),
    ],
  ])('and %s is refused by its hash, with what repairs it', async (_what, damage) => {
    keep(GRAPH);
    damage();
    const { code, message } = await refused();
    expect(code).toBe('ERR_LIVEDREAM_CHECKSUM');
    expect(message).toContain(`'${graph}' is damaged: it has SHA-256 ${sha256(readFileSync(graph))}`);
    expect(message).toContain('Run `npx livedream models fetch net`, which fetches it again.');
  });

  test('with its graph beside the description is opened from there', async () => {
    writeFileSync(path.join(catalogue, 'net/graph.pb'), GRAPH);
    expect(await openModel('net', catalogue)).toMatchObject({ sha256: sha256(GRAPH) });
  });
});

test('a library never downloads by itself', async () => {
  await expect(Dreamer.load({ model: 'inception5h', device: 'cpu' })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_MODEL_NOT_FETCHED',
  });
});
