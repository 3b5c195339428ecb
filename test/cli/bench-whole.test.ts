// Whole dreams, from the command to the file, beside other programs.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WHOLE_PROGRAMS } from '../../lib/bench/whole/commands.js';
import { WholeFindings } from '../../lib/bench/whole/findings.js';
import type { WholeReport } from '../../lib/bench/whole/report.js';
import { measureWhole, wholeText } from '../../lib/cli/bench-whole.js';
import { LiveDreamError } from '../../lib/errors.js';
import { ENVIRONMENT, noisyRounds } from '../support/bench-report.js';
import { livedreamIn } from '../support/cli.js';
import { smallModel } from '../support/models.js';
import { hasPeers } from '../support/peers.js';

const MODEL = {
  name: 'net',
  sha256: 'abcdef',
  objective: { layer: 'mixed4d', kind: 'channels' as const, channels: [{ channel: 139, weight: 1 }] },
};
const DREAM = { size: { width: 799, height: 533 }, octaves: 4, iterations: 10, octaveScale: 1.4, tileSize: 512 };

describe('what is printed of whole dreams', () => {
  test('has cold and warm seconds of each program, and what failed', () => {
    const findings = new WholeFindings(ENVIRONMENT, MODEL, DREAM);
    findings.add('livedream', undefined);
    findings.add('torch-eager', { version: '2.0', gradientDifference: 1e-3 });
    findings.add('tensorflow-session', { version: '2.21.0', gradientDifference: 0 });
    const [own, torch, session] = findings.programs;
    Object.assign(own as object, {
      cold: [[9000], [5000], [6000]],
      warm: noisyRounds(9, 4000, 0.01),
      peakMemoryBytes: 6e8,
    });
    Object.assign(torch as object, { cold: [[20_000]], warm: noisyRounds(9, 15_000, 0.01), peakMemoryBytes: 1.5e9 });
    findings.fail(session as (typeof findings.programs)[number], new Error('It ended with -9'));
    const text = wholeText(findings.report(true));
    expect(text).toContain('799 x 533, 4 octaves of 10 steps, scale 1.4, tiles of 512 at most\n9 rounds\n');
    expect(text).toMatch(/^livedream +6\.00 s +(3\.9|4\.0)\d s +0\.\d % {2}600 MB$/m);
    expect(text).toMatch(/^torch-eager 2\.0 +20\.00 s +1[45]\.\d\d s +0\.\d % {2}1500 MB$/m);
    expect(text).toContain('Each median is known to 2.5 %');
    expect(text).toContain('skipped: It ended with -9\n    tensorflow-session\n');
    const aborted = new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.');
    expect(() => findings.skip('livedream', aborted)).toThrow(aborted);
  });

  test('is refused with what is of dreams within a process', async () => {
    for (const flags of [{ csv: 'a.csv' }, { peers: true as const }, { seedTable: true }, { xla: 'true' }])
      await expect(measureWhole({ whole: true, ...flags })).rejects.toThrow(/must be left out with --whole/);
  });
});

describe.skipIf(!hasPeers)('with the programs themselves (node tools/peers/setup.mjs)', () => {
  let cwd: string;
  beforeEach(async () => {
    cwd = await mkdtemp(path.join(tmpdir(), 'livedream-whole-'));
  });
  afterEach(() => rm(cwd, { recursive: true }));

  test('all write a dream, cold and warm', { timeout: 600_000 }, async () => {
    const model = ['--model', smallModel().file, '--layer', 'mixed3b_3x3_pre_relu', '--channel', '5', '--mean', '117'];
    const dream = ['--size', '72x48', '--octaves', '1', '--iterations', '1'];
    const flags = [...model, ...dream, '--rounds', '1', '--most-rounds', '1', '--json', 'a.json'];
    const { code, stdout, stderr } = await livedreamIn({ cwd }, 'bench', '--whole', ...flags);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.toString()).toMatch(/^from command to file +cold +warm +± +memory$/m);
    const report = JSON.parse(await readFile(path.join(cwd, 'a.json'), 'utf8')) as WholeReport;
    expect(report).toMatchObject({ complete: true, dream: { size: { width: 72, height: 48 } }, skipped: [] });
    expect(report.results.map(({ program }) => program)).toEqual(WHOLE_PROGRAMS);
    for (const { cold, warm, peakMemoryBytes } of report.results) {
      expect(cold).toHaveLength(1);
      expect(warm?.median).toBeGreaterThan(100);
      expect(peakMemoryBytes).toBeGreaterThan(100e6);
      expect(peakMemoryBytes).toBeLessThan(4e9);
    }
  });
});
