import { Gauge, type Registry } from 'prom-client';
import type { Dreamer } from '../dreamer.js';
import { packageVersion } from '../version.js';
import { gauge, total } from './collected.js';

type Statistics = ReturnType<Dreamer['statistics']>;
type Row = readonly [of: keyof Statistics, name: string, help: string];

const TOTALS: readonly Row[] = [
  ['steps', 'livedream_steps_total', 'Steps of gradient ascent.'],
  ['programsBuilt', 'livedream_programs_built_total', 'Programs that were built.'],
  ['programsEvicted', 'livedream_programs_evicted_total', 'Programs that had to make room.'],
  ['graphImports', 'livedream_graph_imports_total', 'Times that a network was put on a device.'],
  ['weightUploads', 'livedream_weight_uploads_total', 'Weights that were put on a device.'],
];

const NOW: readonly Row[] = [
  ['programsCached', 'livedream_programs', 'Programs that are kept.'],
  ['programBytes', 'livedream_program_bytes', 'What programs take, estimated.'],
  ['weightBytes', 'livedream_weight_bytes', 'What weights take on the devices.'],
  ['externalBytes', 'livedream_external_bytes', "What the engines hold beyond JavaScript's heap, as V8 knows of it."],
];

/** What the engines count themselves. */
export function engineMetrics(registry: Registry, dreamer: Dreamer): void {
  for (const [of, name, help] of TOTALS) total(registry, name, help, () => dreamer.statistics()[of]);
  for (const [of, name, help] of NOW) gauge(registry, name, help, () => dreamer.statistics()[of]);
}

/** What dreams here, as far as it is known. */
export function infoMetric(registry: Registry, of: () => Pick<Dreamer, 'model' | 'device' | 'xla'> | undefined): void {
  new Gauge({
    name: 'livedream_info',
    help: 'Always 1; what runs here stands in the labels.',
    labelNames: ['version', 'model', 'device', 'xla'] as const,
    registers: [registry],
    collect() {
      this.reset();
      const { model = '', device = '', xla = '' } = of() ?? {};
      this.set({ version: packageVersion(), model, device, xla: String(xla) }, 1);
    },
  });
}
