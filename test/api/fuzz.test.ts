// Two thousand damaged models: each is dreamed with or refused for a reason, in bounded memory and time.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { BOMBS } from '../support/bombs.js';
import { inChild, isFair, MOST_BYTES, type Outcome } from '../support/fuzz.js';
import { functionNetwork } from '../support/fuzzed-graphs.js';
import { formattedNetwork } from '../support/layout-networks.js';
import { smallModel } from '../support/models.js';
import { mutated } from '../support/mutations.mjs';

const MUTATIONS = Number(process.env['LIVEDREAM_FUZZ'] ?? 2000);
const FIRST = Number(process.env['LIVEDREAM_FUZZ_FIRST'] ?? 0);
const savedModel = path.join(packageRoot, 'test/golden/tiny-saved-model');

/** Of the bombs: what is large but does no harm. */
const DREAMED = new Set(['conjunction', 'switchesBackwards', 'leftOutBackwards']);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function requestFile(): Promise<string> {
  const graphs = { channelsFirst: formattedNetwork('first').bytes(), functions: functionNetwork() };
  const files: { file: string; savedModel?: string }[] = [{ file: smallModel().file }];
  for (const [name, bytes] of Object.entries(graphs)) {
    const file = path.join(folder, `${name}.pb`);
    await writeFile(file, bytes);
    files.push({ file });
  }
  for (const name of ['saved_model.pb', 'variables/variables.index', 'variables/variables.data-00000-of-00001'])
    files.push({ file: path.join(savedModel, name), savedModel });
  const request = path.join(folder, 'request.json');
  const damaged = path.join(folder, 'damaged');
  await mkdir(damaged);
  const asked = { files, folder: damaged, mostBytes: MOST_BYTES, mostMilliseconds: 20_000 };
  await writeFile(request, JSON.stringify(asked));
  return request;
}

describe('damaged models', () => {
  test('are the same each time', () => {
    const bytes = Buffer.from('a file of some bytes');
    expect(mutated(bytes, 7)).toEqual(mutated(bytes, 7));
    expect(
      new Set(Array.from({ length: 50 }, (_, number) => mutated(bytes, number).toString('hex'))).size,
    ).toBeGreaterThan(40);
  });

  test(`are dreamed with or refused for a reason: ${MUTATIONS} of three graphs and a SavedModel`, async () => {
    const request = await requestFile();
    const counts: Record<string, number> = {};
    const faults: Outcome[] = [];
    const deaths: unknown[] = [];
    let most = 0;
    let slowest = 0;
    const last = FIRST + MUTATIONS;
    for (let from = FIRST; from < last; ) {
      const ended = await inChild(request, from, Math.min(last, from + 1000));
      most = Math.max(most, ended.most);
      for (const each of ended.outcomes) {
        if (each.outcome === undefined) continue;
        counts[each.outcome] = (counts[each.outcome] ?? 0) + 1;
        slowest = Math.max(slowest, each.milliseconds ?? 0);
        if (!isFair(each.outcome)) faults.push(each);
      }
      const { number = from } = ended.outcomes.at(-1) ?? {};
      if (ended.end !== 0) deaths.push({ number, end: ended.end, stderr: ended.stderr });
      from = number + 1;
    }
    console.log(JSON.stringify({ counts, most: Math.round(most / 2 ** 20), slowest }));
    expect({ faults, deaths }).toEqual({ faults: [], deaths: [] });
    // Neither all nor none of them load.
    expect(counts['dreamed']).toBeGreaterThan(MUTATIONS / 20);
    expect(counts['ERR_LIVEDREAM_MODEL_UNREADABLE']).toBeGreaterThan(MUTATIONS / 5);
  }, 600_000);
});

describe('small graphs that ask for much', () => {
  const names = Object.keys(BOMBS);
  test('are dreamed with or refused, soon and in little memory', async () => {
    const files: { file: string; whole: true }[] = [];
    for (const name of names) {
      const file = path.join(folder, `${name}.pb`);
      await writeFile(file, BOMBS[name]?.() as Buffer);
      files.push({ file, whole: true });
    }
    const request = path.join(folder, 'bombs.json');
    await writeFile(request, JSON.stringify({ files, folder, mostBytes: MOST_BYTES, mostMilliseconds: 20_000 }));
    const { outcomes, end, stderr } = await inChild(request, 0, names.length);
    const came = outcomes.filter(({ outcome }) => outcome !== undefined);
    const said = Object.fromEntries(came.map(({ number, outcome }) => [names[number], outcome]));
    expect({ end, stderr, said }).toEqual({
      end: 0,
      stderr: '',
      said: Object.fromEntries(
        names.map((name) => [name, DREAMED.has(name) ? 'dreamed' : 'ERR_LIVEDREAM_MODEL_UNREADABLE']),
      ),
    });
  });
});
