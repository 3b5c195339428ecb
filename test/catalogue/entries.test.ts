import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { addModel } from '../../lib/catalogue/add.js';
import { models, modelsIn } from '../../lib/catalogue/entries.js';
import { nameFilter } from '../../lib/catalogue/filters.js';
import { smallInception } from '../../tools/graphs/small-inception.mjs';
import { description, GRAPH, writeCatalogue } from './support/fetchable.js';
import { useHome } from './support/home.js';

const home = useHome();

async function add(name: string, link = false): Promise<string> {
  const file = path.join(home.folder, `${name}.pb`);
  writeFileSync(file, smallInception());
  await addModel(file, { name, link, preprocessing: { mean: 117 } });
  return file;
}

describe('the models', () => {
  test("are the package's, those that can be fetched, and the user's own", async () => {
    await add('mine');
    const found = await models();
    expect(found.find(({ name }) => name === 'dream')).toMatchObject({
      ...{ origin: 'package', licence: 'Apache-2.0', bytes: 3_836_000, ownFilters: [] },
      filters: expect.arrayContaining(['van-gogh', 'owl']) as string[],
    });
    expect(found.find(({ name }) => name === 'inception5h')?.origin).toMatch(/^fetch/);
    expect(found.at(-1)).toEqual({
      ...{ name: 'mine', origin: 'own', bytes: smallInception().byteLength, filters: [], ownFilters: [] },
      graph: path.join(home.models, 'mine/graph.pb'),
    });
  });

  test('have the filters that the user named', async () => {
    await nameFilter('dream', 'gold', { layer: 'mixed4d', channel: 3 });
    const dream = (await models()).find(({ name }) => name === 'dream');
    expect(dream).toMatchObject({ ownFilters: ['gold'], filters: expect.arrayContaining(['gold', 'owl']) as string[] });
  });

  test('that are broken are there with what is wrong, and the others too', async () => {
    await add('first');
    const linked = await add('gone', true);
    rmSync(linked);
    writeFileSync(path.join(home.models, 'first/model.json'), '{ "filter": {} }');
    mkdirSync(path.join(home.models, 'dream'));
    writeFileSync(path.join(home.models, 'dream/model.json'), '{}');
    const found = await models();
    const faults = found.filter(({ origin }) => origin === 'own').map(({ name, fault }) => [name, fault]);
    expect(faults).toEqual([
      ['dream', expect.stringMatching(/A model of the package has this name/)],
      ['first', expect.stringMatching(/first\/model\.json': there is no field 'filter'; did you mean 'filters'/)],
      ['gone', expect.stringMatching(/Its graph '.*gone\.pb' is not there/)],
    ]);
    expect(found.filter(({ fault }) => fault === undefined).map(({ name }) => name)).toContain('dream');
  });

  test('are none of yours where there is no folder of them, or strange things in it', async () => {
    const before = (await models()).length;
    mkdirSync(path.join(home.models, '.keeping-1'), { recursive: true });
    writeFileSync(path.join(home.models, '.keeping-1/model.json'), '{}');
    writeFileSync(path.join(home.models, 'model.json'), '{}');
    mkdirSync(path.join(home.models, 'empty'));
    expect(await models()).toHaveLength(before);
  });

  test('are fetched once their graph lies in the cache', async () => {
    const cache = path.join(home.folder, 'cache');
    vi.stubEnv('LIVEDREAM_CACHE', cache);
    const catalogue = writeCatalogue(path.join(home.folder, 'package'), description('https://example.org'));
    const [before] = await modelsIn(catalogue);
    expect(before).toMatchObject({ name: 'net', origin: 'fetchable', title: 'A network for tests' });
    expect(before).not.toHaveProperty('graph');
    mkdirSync(path.join(cache, 'models/net'), { recursive: true });
    const graph = path.join(cache, 'models/net/graph.pb');
    writeFileSync(graph, GRAPH);
    expect((await modelsIn(catalogue))[0]).toMatchObject({ origin: 'fetched', graph, bytes: GRAPH.length });
  });
});
