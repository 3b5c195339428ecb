// One target of JavaScript, fuzzed in this process: inputs that run something new are kept and mutated further.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/step.mjs';
import { Coverage } from './coverage.mjs';
import { mutateBytes, mutateJson, randomFrom } from './mutations.mjs';
import { isExpected, TARGETS } from './targets.mjs';

/** An input may take this long; longer is a finding. */
const SLOW = 5000;

const written = (kind, input) => (kind === 'json' ? Buffer.from(`${JSON.stringify(input, null, 1)}\n`) : input);
const read = (kind, bytes) => (kind === 'json' ? JSON.parse(bytes.toString()) : bytes);

function keptIn(name, kind) {
  const folder = path.join(root, 'test/fuzz', name);
  mkdirSync(folder, { recursive: true });
  return readdirSync(folder).map((file) => read(kind, readFileSync(path.join(folder, file))));
}

/** Undefined where it answered or refused as it should, else what went wrong. */
async function tried(run, input) {
  const begun = performance.now();
  try {
    await run(input);
  } catch (error) {
    if (!isExpected(error)) return error?.stack ?? String(error);
  }
  const took = performance.now() - begun;
  return took > SLOW ? `took ${Math.round(took)} ms` : undefined;
}

/**
 * @param {{ name: string, seed: number, runs: number, seconds: number }} options until the first of runs and seconds is over
 * @returns what was found, each with the file that it was kept in; how many inputs ran, were kept, and what they cover
 */
export async function fuzz({ name, seed, runs, seconds }) {
  const { kind, words, seeds, run } = TARGETS[name];
  const random = randomFrom(seed);
  const mutate = kind === 'json' ? mutateJson : mutateBytes;
  const corpus = [];
  const found = [];
  const coverage = new Coverage('/dist/esm/');
  await coverage.start();
  const end = performance.now() + seconds * 1000;
  let count = 0;
  const take = async (input, isSeed) => {
    // What it is given may be changed by what it runs.
    const wrong = await tried(run, kind === 'json' ? structuredClone(input) : Buffer.from(input));
    count += 1;
    if (wrong !== undefined) {
      const bytes = written(kind, input);
      const file = `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
      writeFileSync(path.join(root, 'test/fuzz', name, file), bytes);
      found.push({ file, wrong });
    }
    if ((await coverage.taken()) > 0 || isSeed) corpus.push(input);
  };
  for (const input of [...(await seeds()), ...keptIn(name, kind)]) await take(input, true);
  while (count < runs && performance.now() < end && found.length < 10) {
    let input = random.pick(corpus);
    for (let times = 1 + random.below(3); times > 0; times -= 1) input = mutate(input, corpus, words, random);
    if (input !== undefined) await take(input, false);
  }
  return { found, runs: count, corpus: corpus.length, features: coverage.size };
}
