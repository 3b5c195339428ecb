// `livedream bench` as users run it, on a small network.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BenchReport } from '../../lib/bench/report.js';
import { prepareFiles } from '../../lib/cli/bench-files.js';
import { type BenchFlags, readBenchFlags } from '../../lib/cli/bench-flags.js';
import { seedText } from '../../lib/cli/bench-seed.js';
import { noisyRounds, reportOf } from '../support/bench-report.js';
import { livedreamIn } from '../support/cli.js';
import { smallModel } from '../support/models.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(path.join(tmpdir(), 'livedream-bench-'));
});
afterEach(() => rm(cwd, { recursive: true }));

const MODEL = ['--model', smallModel().file, '--layer', 'mixed3b_3x3_pre_relu', '--channel', '5'];
const QUICK = ['--size', '96x64,64x64', '--octaves', '1', '--iterations', '1', '--xla', 'false', '--device', 'cpu'];

async function bench(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const { code, stdout, stderr } = await livedreamIn({ cwd }, 'bench', ...args);
  return { code, stdout: stdout.toString(), stderr };
}

async function reportIn(file: string): Promise<BenchReport> {
  return JSON.parse(await readFile(path.join(cwd, file), 'utf8')) as BenchReport;
}

describe('livedream bench', () => {
  test('prints a table, and writes all of it as JSON, CSV, SVG and PNG', async () => {
    const files = ['--json', 'a.json', '--csv', 'a.csv', '--plot', 'a.svg'];
    const rounds = ['--rounds', '2', '--most-rounds', '2', '--loop', 'native,compiled'];
    const { code, stdout, stderr } = await bench(...MODEL, ...QUICK, ...rounds, ...files);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await readdir(cwd)).sort()).toEqual(['a.csv', 'a.json', 'a.svg']);
    const report = await reportIn('a.json');
    expect(report).toMatchObject({ complete: true, rounds: 2 });
    expect(report.results.map(({ name }) => name)).toEqual([
      '96x64 1x1 cpu ordinary native float32',
      '64x64 1x1 cpu ordinary native float32',
    ]);
    expect(report.model?.objective).toMatchObject({ layer: 'mixed3b_3x3_pre_relu', channels: [{ channel: 5 }] });
    for (const text of ['96x64', '64x64', 'frames/s', 'of peak', 'memory', 'Too few rounds to tell', 'GFLOP/s'])
      expect(stdout).toContain(text);
    expect(stdout).toMatch(/^skipped: Option 'loop' must be .* without XLA/m);
    expect(stdout).toMatch(/^ {4}64x64 1x1 cpu ordinary compiled auto$/m);
    const csv = (await readFile(path.join(cwd, 'a.csv'), 'utf8')).trim().split('\n');
    expect(csv).toHaveLength(3);
    const [heads = [], row = []] = csv.map((line) => line.split(','));
    expect(row).toHaveLength(heads.length);
    expect(Number(row[heads.indexOf('median_ms')])).toBe(report.results[0]?.steady?.median);
    expect(Number(row[heads.indexOf('peak_memory_bytes')])).toBe(report.results[0]?.cold.peakMemoryBytes);
    const { width = 0, height = 0, format } = await sharp(path.join(cwd, 'a.svg')).metadata();
    expect({ format, wide: width > 500, high: height > 100 }).toEqual({ format: 'svg', wide: true, high: true });
  });

  test('refuses what cannot be written, before it measures', async () => {
    await writeFile(path.join(cwd, 'file'), '');
    // This network is not there: what is refused is refused before anything is looked at.
    const ended = await bench('--model', 'nowhere.pb', '--json', 'no/a.json');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/'no\/a.json'.*there is no folder 'no'.*OUTPUT_UNWRITABLE/);
    const inFolder = (name: string): string => path.join(cwd, name);
    for (const [flags, code] of [
      [{ csv: inFolder('file/a.csv') }, 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE'],
      [{ json: 'https://example.org/a.json' }, 'ERR_LIVEDREAM_OUTPUT_UNWRITABLE'],
      [{ plot: '.' }, 'ERR_LIVEDREAM_OPTION_RANGE'],
      [{ plot: inFolder('a.jpg') }, 'ERR_LIVEDREAM_OPTION_RANGE'],
      [{ json: '' }, 'ERR_LIVEDREAM_OPTION_RANGE'],
      [{ json: inFolder('a'), csv: inFolder('./a') }, 'ERR_LIVEDREAM_OPTION_RANGE'],
    ] as const)
      await expect(prepareFiles(flags), JSON.stringify(flags)).rejects.toMatchObject({ code });
    const model = inFolder('net.pb');
    await writeFile(model, 'a network');
    await expect(prepareFiles({ model, json: model })).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_OPTION_RANGE' });
    expect(await readFile(model, 'utf8')).toBe('a network');
    expect((await readdir(cwd)).sort()).toEqual(['file', 'net.pb']);
  });

  test('names the flag and the value that are wrong', async () => {
    const { code, stdout, stderr } = await bench('--size', '480');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/'size' must be a width and a height, as '480x360', but is "480"/);
    for (const [flags, says] of [
      [{ size: '480x360,4x4' }, /'size\[1\]\.width'/],
      [{ octaves: '4,x' }, /'octaves' must be a whole number from 1 to 20, but is "x"/],
      [{ xla: 'true,maybe' }, /'xla\[1\]'.*"maybe"/],
      [{ precision: 'float64' }, /'precision/],
      [{ device: 'cpu,tpu' }, /'device\[1\]'/],
      [{ rounds: '0' }, /'rounds'/],
      [{ channel: '' }, /'channel'/],
    ] as const)
      expect(() => readBenchFlags(flags as BenchFlags), JSON.stringify(flags)).toThrow(says);
  });

  test('ends with 1 where nothing could be measured, and says why', async () => {
    const { code, stdout } = await bench(...MODEL, ...QUICK, '--octaves', '20', '--json', 'a.json');
    expect(code).toBe(1);
    expect(stdout).toMatch(/skipped: The smallest of 20 octaves.*IMAGE_TOO_SMALL/);
    expect(await reportIn('a.json')).toMatchObject({ complete: true, results: [], rounds: 0 });
  });

  test('--seed-table puts the published seconds beside those of this machine', async () => {
    const flags = ['--size', '64x64', '--iterations', '1', '--octaves', '1', '--rounds', '1', '--most-rounds', '1'];
    const { code, stdout } = await bench('--seed-table', ...MODEL, ...flags, '--xla', 'false');
    expect(code).toBe(0);
    const table = stdout.slice(stdout.indexOf("The seed's dream"));
    expect(table).toContain(
      "The seed's dream: 64 x 64, 1 octaves of 1 steps, small-inception, mixed3b_3x3_pre_relu, channel 5",
    );
    expect(table).toMatch(/^CPU only +45 to 90 s +[\d.]+ m?s +[\d.]+ m?s$/m);
    expect(table).toMatch(/^CPU with XLA +not measured$/m);
    expect(table).toMatch(/^one GPU +20 to 30 s \(K80\) +\S/m);
    expect(table).toMatch(/^one GPU with XLA +10 s \(K80\) +\S/m);
    expect(table).toMatch(/^two GPUs with XLA +6\.5 s \(2x 1080 Ti\) +one dream is on one device$/m);
  });

  test('the table of the seed has the medians of both kinds of kernels', () => {
    const text = seedText(reportOf([{ rounds: [[21_000]] }, { variant: { xla: true }, rounds: [[13_000]] }]));
    expect(text).toMatch(/^CPU only +45 to 90 s +21\.00 s +3\.00 s$/m);
    expect(text).toMatch(/^CPU with XLA +13\.00 s +3\.00 s$/m);
  });
});

describe('livedream bench --compare', () => {
  const write = (file: string, content: unknown): Promise<void> =>
    writeFile(path.join(cwd, file), typeof content === 'string' ? content : JSON.stringify(content));

  test('says which differences exceed the noise of both', async () => {
    await write(
      'a.json',
      reportOf([
        { rounds: noisyRounds(9, 1000, 0.02, 1) },
        { variant: { xla: true }, rounds: noisyRounds(9, 500, 0.4, 2) },
      ]),
    );
    await write(
      'b.json',
      reportOf(
        [{ rounds: noisyRounds(9, 800, 0.02, 3) }, { variant: { xla: true }, rounds: noisyRounds(9, 520, 0.02, 4) }],
        { peak: 8 },
      ),
    );
    const { code, stdout, stderr } = await bench('--compare', 'a.json', 'b.json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^480x360 4x10 cpu ordinary native float32 .* 0\.\d+ .*faster$/m);
    expect(stdout).toMatch(/^480x360 4x10 cpu xla native float32 .*too noisy to tell$/m);
    expect(stdout).toContain('1 of 2 differences exceed the noise of both.');
    expect(stdout).toContain(
      'The machine itself was another: its best convolution on CPU:0 in float32 ran at 1.25 times',
    );
  });

  test('names the field of a foreign or damaged file, and takes two files and nothing else', async () => {
    await write('a.json', reportOf([{ rounds: noisyRounds(9, 1000, 0.02) }]));
    await write('foreign.json', { name: 'another program', results: [] });
    await write('cut.json', '{"format": "livedream-be');
    for (const [args, code, says] of [
      [['a.json', 'foreign.json'], 1, /'foreign\.json'.*its field 'format'.*BENCH_UNREADABLE/],
      [['cut.json', 'a.json'], 1, /'cut\.json'.*no JSON.*BENCH_UNREADABLE/],
      [['a.json'], 2, /'compare' must be two files/],
      [['a.json', 'a.json', '--rounds', '3'], 2, /'rounds' must be left out with --compare/],
    ] as const) {
      const ended = await bench('--compare', ...args);
      expect({ args, ...ended }).toMatchObject({ args, code, stdout: '', stderr: expect.stringMatching(says) });
    }
  });
});
