import { describe, expect, test } from 'vitest';
import { headLines, reportText, resultsTable, skippedLines } from '../../lib/cli/bench-table.js';
import { ENVIRONMENT, noisyRounds, reportOf } from '../support/bench-report.js';

const steady = (middle: number, seed = 1): number[][] => noisyRounds(9, middle, 0.01, seed);

describe('what is printed at the end', () => {
  test('says that medians can be relied on', () => {
    const text = reportText(reportOf([{ rounds: steady(1000) }, { variant: { xla: true }, rounds: steady(2000, 2) }]));
    expect(text).toContain('Each median is known to 2.5 %: another run differs by no more than 5 %.');
    expect(text).not.toContain('noisy');
  });

  test('says that the machine was too noisy to tell', () => {
    const noisy = { variant: { xla: true }, rounds: noisyRounds(9, 2000, 0.4, 2) };
    const text = reportText(reportOf([{ rounds: steady(1000) }, noisy]));
    expect(text).toMatch(
      /^Too noisy to tell: 1 of 2 medians are not known to 2\.5 %, one only to \d+ %; another run may differ by more than 5 %\.$/m,
    );
    const busy = { ...reportOf([noisy]), others: 0.37 };
    expect(reportText(busy)).toContain('Other programs took 37 % of the processors meanwhile.');
  });

  test('says that too few rounds tell nothing', () => {
    const text = reportText(reportOf([{ rounds: steady(1000).slice(0, 3) }]));
    expect(text).toContain('Too few rounds to tell how noisy the machine is: 3, and it takes 6;');
  });

  test('says what it ran on, and with what', () => {
    const gpus = [{ name: 'A card', driver: '580.1', memoryBytes: 1e9 }];
    const commit = `${'0123456789'.repeat(4)}-dirty`;
    const report = reportOf([{ rounds: steady(1000) }], { environment: { ...ENVIRONMENT, gpus, commit } });
    expect(headLines({ ...report, complete: false })).toBe(
      [
        'livedream 1.2.3, commit 0123456, changed, TensorFlow 2.21.0 (cpu)',
        'A processor, 4 cores; A card, driver 580.1',
        'net, mixed4d, channel 139',
        '480x360, 4 octaves, 10 steps in each, cpu, native loop, float32',
        '9 rounds, not finished',
        '',
      ].join('\n'),
    );
    const threads = { ...report, options: { ...report.options, threads: 3 } };
    expect(headLines(threads)).toContain('A processor, 3 threads;');
  });

  test('lists what was skipped by its reason', () => {
    const skipped = [
      { name: 'a', reason: 'No GPU.', code: 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE' },
      { name: 'b', reason: 'Its process was ended by SIGKILL.' },
      { name: 'c', reason: 'No GPU.', code: 'ERR_LIVEDREAM_DEVICE_UNAVAILABLE' },
    ];
    expect(skippedLines({ ...reportOf([{ rounds: steady(1) }]), skipped })).toEqual([
      'skipped: No GPU. [ERR_LIVEDREAM_DEVICE_UNAVAILABLE]',
      '    a',
      '    c',
      'skipped: Its process was ended by SIGKILL.',
      '    b',
    ]);
  });
});

describe('the table', () => {
  const { results } = reportOf([
    { rounds: Array(9).fill([1000, 1000]) },
    { variant: { xla: true, precision: 'bfloat16' }, rounds: [] },
  ]);

  test('has the axes in which variants differ, and what each has so far', () => {
    expect(resultsTable(results)).toBe(
      [
        'kernels   precision   first  compile  median      ±     p95  spread  frames/s  Mpixel/s  of peak  memory',
        'ordinary  float32    3.00 s   2.00 s  1.00 s  0.0 %  1.00 s   0.0 %      1.00     0.173     20 %  600 MB',
        'XLA       bfloat16   3.00 s   2.00 s                                                              600 MB',
        '',
      ].join('\n'),
    );
  });

  test('has other programs by their names, which do not tell what they compiled', () => {
    const { results: both } = reportOf([
      { rounds: [[1000]] },
      { variant: { peer: 'torch-eager' }, cold: { compile: undefined }, rounds: [[2000]] },
    ]);
    const [heads, own, peer] = resultsTable(both).split('\n');
    expect(heads).toMatch(/^program +kernels +first +compile +median/);
    expect(own).toMatch(/^livedream +ordinary +3\.00 s +2\.00 s +1\.00 s/);
    expect(peer).toMatch(/^torch-eager +ordinary +3\.00 s {10,}2\.00 s/);
  });

  test('is two where the terminal is narrower, with nothing left out', () => {
    const text = resultsTable(results, 80);
    const lines = text.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.filter((line) => line.startsWith('ordinary'))).toHaveLength(2);
    for (const head of resultsTable(results)
      .split('\n')[0]
      ?.split(/\s{2,}/) ?? [])
      expect(text).toContain(head);
  });
});
