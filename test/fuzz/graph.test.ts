// A bounded run of `npm run fuzz:graph`: everything it ever found, then as many new inputs as take a few seconds.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { doctor } from '../../lib/doctor.js';
import { buildGraphFuzzer, findClang, fuzzerEnvironment } from '../../tools/fuzz/graph-target.mjs';

const clang = findClang();
const kept = path.join(packageRoot, 'test/fuzz/graph');
const RUNS = 20_000;

test.skipIf(clang === undefined)(
  'graphs are prepared or refused, whatever their bytes (with clang++)',
  {
    timeout: 600_000,
  },
  async () => {
    const program = buildGraphFuzzer(clang as string);
    const { runtime } = await doctor();
    const folder = mkdtempSync(path.join(tmpdir(), 'livedream-fuzz-'));
    try {
      const flags = [`-runs=${RUNS}`, '-seed=1', '-max_len=8192', '-timeout=60', `-artifact_prefix=${folder}/`];
      const env = fuzzerEnvironment(runtime as { framework: string; library: string });
      const { status, stderr } = spawnSync(program, [...flags, folder, kept], { env, encoding: 'utf8' });
      expect(stderr.slice(-4000)).toContain(`Done ${RUNS} runs`);
      expect(status).toBe(0);
      expect(readdirSync(kept).length).toBeGreaterThan(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
