// Two thousand damaged models: each is dreamed with or refused for a reason, in bounded memory and time.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import packageRoot from '#package-root';
import { functionNetwork } from '../support/fuzzed-graphs.js';
import { formattedNetwork } from '../support/layout-networks.js';
import { smallModel } from '../support/models.js';
import { mutated } from '../support/mutations.mjs';

const MUTATIONS = Number(process.env['LIVEDREAM_FUZZ'] ?? 2000);
const FIRST = Number(process.env['LIVEDREAM_FUZZ_FIRST'] ?? 0);
const BYTES = 2 ** 30;
const child = path.join(packageRoot, 'test/support/fuzz-child.mjs');
const savedModel = path.join(packageRoot, 'test/golden/tiny-saved-model');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'livedream-fuzz-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Outcome {
  readonly number: number;
  readonly outcome?: string;
  readonly milliseconds?: number;
}

interface Ended {
  readonly outcomes: readonly Outcome[];
  /** The most memory of the process, in bytes. */
  readonly most: number;
  readonly end: number | string | null;
  readonly stderr: string;
}

/** The kernel gives the process no more than this of its own memory; its address space TensorFlow and V8 need to reserve. */
function limited(args: readonly string[]): readonly [string, readonly string[]] {
  const prlimit = '/usr/bin/prlimit';
  return existsSync(prlimit)
    ? [prlimit, [`--data=${3 * BYTES}`, '--core=0', process.execPath, ...args]]
    : [process.execPath, args];
}

function inChild(request: string, from: number, to: number): Promise<Ended> {
  return new Promise((resolve) => {
    const started = spawn(...limited([child, request, String(from), String(to)]));
    let stdout = '';
    let stderr = '';
    started.stdout.on('data', (text) => {
      stdout += text;
    });
    started.stderr.on('data', (text) => {
      stderr = `${stderr}${text}`.slice(-4000);
    });
    started.once('close', (code, signal) => {
      const lines = stdout.split('\n').filter((line) => line !== '');
      const said = lines.map((line) => JSON.parse(line) as Outcome & { most?: number });
      const outcomes = said.filter(({ most }) => most === undefined);
      resolve({ outcomes, most: said.at(-1)?.most ?? 0, end: signal ?? code, stderr });
    });
  });
}

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
  const asked = { files, folder: damaged, mostBytes: 2 * BYTES, mostMilliseconds: 20_000 };
  await writeFile(request, JSON.stringify(asked));
  return request;
}

const allowed = (outcome: string): boolean =>
  outcome === 'dreamed' ||
  (outcome.startsWith('ERR_LIVEDREAM_') && !/_(INTERNAL|TENSORFLOW|OUT_OF_MEMORY)/.test(outcome));

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
        if (!allowed(each.outcome)) faults.push(each);
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
