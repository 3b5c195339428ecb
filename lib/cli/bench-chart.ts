import sharp from 'sharp';
import type { TopLevelSpec } from 'vega-lite';
import type { BenchReport, BenchResult } from '../bench/report.js';
import { LiveDreamError } from '../errors.js';
import { AXES, duration, noiseVerdict, saidAlone, varying } from './bench-table.js';

/** The package's own, where the system finds it (fonts.ts); else any. */
const FONT = 'Roboto Condensed, Arial, sans-serif';
const COLOURS: Readonly<Record<string, string>> = {
  ordinary: '#4c78a8',
  XLA: '#f58518',
  livedream: '#4c78a8',
  'other programs': '#b8b0ac',
};
const WIDTH = 560;
/** Beyond 600 pixels, so that type is sharp on dense screens. */
const PNG_DENSITY = 144;

/** The packages that draw, which few need, and which bring along seventy more. Rejects with ERR_LIVEDREAM_CHART_MISSING. */
export async function loadVega(): Promise<{
  readonly vega: typeof import('vega');
  readonly compile: typeof import('vega-lite').compile;
}> {
  try {
    const [vega, { compile }] = await Promise.all([import('vega'), import('vega-lite')]);
    return { vega, compile };
  } catch (error) {
    const message = 'A chart cannot be drawn: the packages vega and vega-lite are not installed.';
    throw new LiveDreamError('ERR_LIVEDREAM_CHART_MISSING', message, { cause: error });
  }
}

interface Bar {
  readonly variant: string;
  /** What has a colour of its own. */
  readonly group: string;
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
  readonly text: string;
}

/** Of livedream alone the kernels have their colours; beside other programs it has one. */
function groupOf(result: BenchResult, withPeers: boolean): string {
  if (withPeers) return result.peer === undefined ? 'livedream' : 'other programs';
  return result.xla ? 'XLA' : 'ordinary';
}

function barsOf(results: readonly BenchResult[], withPeers: boolean): Bar[] {
  const own = varying(results.filter(({ peer }) => peer === undefined));
  const axes = withPeers ? ['program', ...own] : own.filter((axis) => axis !== 'kernels');
  return results.flatMap((result) => {
    const { steady } = result;
    if (steady === undefined) return [];
    const { median, interval, framesPerSecond } = steady;
    return [
      {
        variant: namesOf(axes, result).join(', ') || 'a dream',
        group: groupOf(result, withPeers),
        seconds: median / 1000,
        low: interval[0] / 1000,
        high: interval[1] / 1000,
        text: `${duration(median)}${framesPerSecond >= 1 ? `, ${framesPerSecond.toFixed(1)} frames/s` : ''}`,
      },
    ];
  });
}

/** How other programs do it is in their names. */
const OWN_AXES: readonly string[] = ['kernels', 'loop', 'precision'];

/** What tells a variant from others. */
function namesOf(axes: readonly string[], result: BenchResult): string[] {
  const told = axes.filter((axis) => result.peer === undefined || !OWN_AXES.includes(axis));
  return told.map((axis) => saidAlone(axis, AXES[axis]?.(result) ?? ''));
}

function titleOf(report: BenchReport): { readonly text: string; readonly subtitle: string[] } {
  const { environment, results, date, model } = report;
  const { cpu, gpus, livedream, tensorflow } = environment;
  const [first] = results;
  const different = first === undefined ? [] : varying(results);
  const size =
    first !== undefined && !different.includes('size') ? ` of ${first.size.width} x ${first.size.height}` : '';
  const verdict = noiseVerdict(report);
  const cards = gpus.map(({ name }) => `, ${name}`).join('');
  return {
    text: `Seconds that a dream${size} takes${model === undefined ? '' : `, network '${model.name}'`}`,
    subtitle: [
      `${cpu.model}, ${cpu.availableCores} cores${cards}`,
      `livedream ${livedream}, TensorFlow ${tensorflow.version}, ${date.slice(0, 10)}; less is faster`,
      ...(verdict?.noisy ? [verdict.text] : []),
    ],
  };
}

/** Bars of the medians, ordinary kernels and XLA, or livedream and others, with what is known of where they lie. */
export function chartSpec(report: BenchReport): TopLevelSpec {
  const withPeers = report.results.some(({ peer }) => peer !== undefined);
  const bars = barsOf(report.results, withPeers);
  const variants = [...new Set(bars.map(({ variant }) => variant))];
  const groups = Object.keys(COLOURS).filter((name) => bars.some(({ group }) => group === name));
  const y = { field: 'variant', type: 'nominal', sort: variants, title: null, axis: { labelLimit: 260 } } as const;
  const offset = withPeers ? {} : ({ yOffset: { field: 'group', sort: groups } } as const);
  const most = Math.max(0, ...bars.map(({ high }) => high));
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    width: WIDTH,
    height: { step: 26 },
    title: { ...titleOf(report), anchor: 'start', offset: 14, subtitlePadding: 4 },
    data: { values: bars },
    encoding: { y, ...offset },
    layer: [
      {
        mark: { type: 'bar', height: { band: 0.86 } },
        encoding: {
          // Room for the text behind the longest bar.
          x: { field: 'seconds', type: 'quantitative', title: 'seconds', scale: { domain: [0, most * 1.25] } },
          color: {
            field: 'group',
            title: withPeers ? null : 'kernels',
            scale: { domain: groups, range: groups.map((name) => COLOURS[name] ?? '') },
            ...(groups.length > 1 ? {} : { legend: null }),
          },
        },
      },
      {
        mark: { type: 'rule', color: '#222222' },
        encoding: { x: { field: 'low', type: 'quantitative' }, x2: { field: 'high' } },
      },
      {
        mark: { type: 'text', align: 'left', dx: 6, color: '#222222' },
        encoding: { x: { field: 'high', type: 'quantitative' }, text: { field: 'text' } },
      },
    ],
    config: {
      font: FONT,
      view: { stroke: null },
      // Our font has one weight; bolder would be smeared.
      title: { fontWeight: 'normal', fontSize: 16 },
      axis: { domain: false, ticks: false, titleFontWeight: 'normal', gridColor: '#ececec', labelPadding: 6 },
      legend: { titleFontWeight: 'normal' },
    },
  };
}

/** The chart as a file of its own. Rejects with ERR_LIVEDREAM_CHART_MISSING. */
export async function drawChart(report: BenchReport, format: 'svg' | 'png'): Promise<Buffer> {
  const { vega, compile } = await loadVega();
  const view = new vega.View(vega.parse(compile(chartSpec(report)).spec), { renderer: 'none' });
  const svg = Buffer.from(await view.toSVG());
  view.finalize();
  return format === 'svg' ? svg : sharp(svg, { density: PNG_DENSITY }).png().toBuffer();
}
