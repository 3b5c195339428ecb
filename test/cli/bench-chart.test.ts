import sharp from 'sharp';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { drawChart } from '../../lib/cli/bench-chart.js';
import { noisyRounds, reportOf, variantOf } from '../support/bench-report.js';

const report = reportOf([
  { rounds: noisyRounds(9, 1000, 0.01, 1) },
  { variant: { xla: true }, rounds: noisyRounds(9, 2000, 0.01, 2) },
  { variant: { precision: 'bfloat16' }, rounds: noisyRounds(9, 500, 0.3, 3) },
  { variant: { precision: 'float16' }, rounds: [] },
]);

/** How long the bars are that are drawn in a colour: their paths go right from the axis, M0,<y>h<length>. */
function barsIn(svg: string, colour: string): number[] {
  const paths = [...svg.matchAll(/<path [^>]*d="M0,[\d.]+h([\d.]+)v[^"]*"[^>]*fill="(#[\da-f]+)"/g)];
  return paths.filter(([, , fill]) => fill === colour).map(([, width]) => Number(width));
}

describe('the chart', () => {
  test('has a bar for each variant that was measured, as long as its median', async () => {
    const svg = (await drawChart(report, 'svg')).toString();
    const ordinary = barsIn(svg, '#4c78a8');
    const xla = barsIn(svg, '#f58518');
    expect([ordinary.length, xla.length]).toEqual([2, 1]);
    expect((xla[0] as number) / (ordinary[0] as number)).toBeCloseTo(2, 1);
    expect((ordinary[1] as number) / (ordinary[0] as number)).toBeCloseTo(0.5, 1);
    for (const text of ['float32', 'bfloat16', 'XLA', 'seconds', 'A processor, 4 cores', 'Too noisy to tell'])
      expect(svg).toContain(text);
    expect(svg).not.toContain('>float16<');
  });

  test('tells livedream from other programs by its colour', async () => {
    const jax = { ...variantOf({ xla: true, loop: 'compiled' }), peer: 'jax-loop' } as const;
    const rounds = noisyRounds(9, 3000, 0.01, 1);
    const svg = (await drawChart(reportOf([{ rounds: [[1000]] }, { variant: jax, rounds }]), 'svg')).toString();
    expect([barsIn(svg, '#4c78a8').length, barsIn(svg, '#b8b0ac').length]).toEqual([1, 1]);
    for (const text of ['>livedream, ordinary<', '>jax-loop<', '>other programs<']) expect(svg).toContain(text);
  });

  test('is drawn as PNG, with ink', async () => {
    const png = await drawChart(report, 'png');
    const { format, width, height } = await sharp(png).metadata();
    expect({ format, wide: width > 1000, high: height > 300 }).toEqual({ format: 'png', wide: true, high: true });
    const { channels, isOpaque } = await sharp(png).stats();
    expect(isOpaque).toBe(true);
    for (const { min, max } of channels.slice(0, 3)) expect([min < 60, max]).toEqual([true, 255]);
  });
});

describe('without the packages that draw', () => {
  afterEach(() => {
    vi.doUnmock('vega');
    vi.resetModules();
  });

  test('it is said what to install', async () => {
    vi.doMock('vega', () => {
      throw new Error("Cannot find package 'vega'");
    });
    vi.resetModules();
    const { loadVega } = await import('../../lib/cli/bench-chart.js');
    await expect(loadVega()).rejects.toMatchObject({
      code: 'ERR_LIVEDREAM_CHART_MISSING',
      message: expect.stringContaining('`npm install vega vega-lite`'),
    });
  });
});
