import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { removeModel, removeModelFrom } from '../../lib/catalogue/remove.js';
import { description, GRAPH, writeCatalogue } from './support/fetchable.js';
import { useHome } from './support/home.js';

const home = useHome();

/** As `addModel` leaves it. */
function put(name: string, graph = 'graph.pb'): string {
  const folder = path.join(home.models, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify({ name, graph }));
  writeFileSync(path.join(folder, 'graph.pb'), GRAPH);
  return folder;
}

describe('removing a model', () => {
  test('takes its whole folder, and no other', async () => {
    const folder = put('one');
    put('two');
    const removed = await removeModel('one');
    expect(removed).toMatchObject({ name: 'one', origin: 'own', folder });
    expect(removed.bytes).toBeGreaterThan(GRAPH.length);
    expect(readdirSync(home.models)).toEqual(['two']);
  });

  test('works where its description is broken, and leaves a linked graph', async () => {
    const graph = path.join(home.folder, 'net.pb');
    writeFileSync(graph, GRAPH);
    put('linked', graph);
    const broken = put('broken');
    writeFileSync(path.join(broken, 'model.json'), '{');
    await removeModel('linked');
    await removeModel('broken');
    expect(readdirSync(home.models)).toEqual([]);
    expect(existsSync(graph)).toBe(true);
  });

  test('of the package is refused', async () => {
    await expect(removeModel('dream')).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    await expect(removeModel('dream')).rejects.toThrow(/comes with livedream/);
  });

  test('that is not there, or that is a path, is refused with what there is', async () => {
    put('one');
    for (const name of ['none', '../my models/one', '.', '']) {
      await expect(removeModel(name)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNKNOWN' });
      await expect(removeModel(name)).rejects.toThrow(/You have no model '.*there is 'one'/);
    }
    expect(readdirSync(home.models)).toEqual(['one']);
    await expect(removeModel(5 as unknown as string)).rejects.toBeInstanceOf(TypeError);
  });

  test('that was fetched takes its files from the cache; one that was not is refused', async () => {
    vi.stubEnv('LIVEDREAM_CACHE', path.join(home.folder, 'cache'));
    const catalogue = writeCatalogue(path.join(home.folder, 'package'), description('https://example.org'));
    await expect(removeModelFrom(catalogue, 'net')).rejects.toThrow(
      /nothing to remove: the model 'net' has not been fetched/,
    );
    const folder = path.join(home.folder, 'cache/models/net');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'graph.pb'), GRAPH);
    expect(await removeModelFrom(catalogue, 'net')).toEqual({
      ...{ name: 'net', origin: 'fetched', folder },
      bytes: GRAPH.length,
    });
    expect(existsSync(folder)).toBe(false);
    expect(existsSync(path.join(catalogue, 'net/model.json'))).toBe(true);
  });

  test.runIf(process.getuid?.() === 0)(
    'from a folder that is read-only is refused (tried as another user)',
    async () => {
      put('one');
      chmodSync(home.folder, 0o755);
      chmodSync(home.models, 0o555);
      process.seteuid?.(65_534);
      try {
        const removing = removeModel('one');
        await expect(removing).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE' });
        await expect(removing).rejects.toThrow(/you may not write there \(EACCES\).*LIVEDREAM_MODELS/);
      } finally {
        process.seteuid?.(0);
      }
      expect(readdirSync(path.join(home.models, 'one')).sort()).toEqual(['graph.pb', 'model.json']);
    },
  );
});
