// A soak's memory by time, as SVG.
import * as vega from 'vega';
import { compile } from 'vega-lite';

const LINES = {
  'resident, at work': ({ busy }) => busy.rss,
  'resident, at rest': ({ rss }) => rss,
  'JavaScript heap used, at rest': ({ heapUsed }) => heapUsed,
};
const COLOURS = ['#c9c2bf', '#4c78a8', '#f58518'];

export async function chartOf({ samples, settings }) {
  const values = samples.flatMap((sample) =>
    Object.entries(LINES).map(([line, of]) => ({ line, minutes: sample.seconds / 60, mib: of(sample) })),
  );
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    background: 'white',
    padding: 16,
    width: 640,
    height: 240,
    title: { text: `Memory in a soak of ${settings.minutes} minutes`, fontWeight: 'normal', anchor: 'start' },
    data: { values },
    mark: { type: 'line', interpolate: 'linear' },
    encoding: {
      x: { field: 'minutes', type: 'quantitative', title: 'minutes' },
      y: { field: 'mib', type: 'quantitative', title: 'MiB', scale: { domainMin: 0 } },
      color: { field: 'line', title: null, scale: { domain: Object.keys(LINES), range: COLOURS } },
    },
    config: {
      font: 'Arial, sans-serif',
      view: { stroke: null },
      axis: { gridColor: '#ececec' },
      legend: { orient: 'bottom', labelLimit: 0 },
    },
  };
  const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
