import type { Registry } from 'prom-client';
import { gauge, total } from './collected.js';
import type { LiveCounts } from './live-counts.js';

type Row = readonly [of: keyof LiveCounts, name: string, help: string];

const TOTALS: readonly Row[] = [
  ['accepted', 'livedream_live_clients_total', 'Live clients that were let in.'],
  ['refused', 'livedream_live_refused_total', 'Live clients that were sent away, as there were too many.'],
  ['shutOut', 'livedream_live_shut_out_total', 'Live clients that were shut out: floods, faults, silence.'],
  ['received', 'livedream_live_frames_received_total', 'Frames that came.'],
  ['dropped', 'livedream_live_frames_dropped_total', 'Frames that newer ones came in the place of.'],
  ['dreamed', 'livedream_live_frames_dreamed_total', 'Frames that went back dreamed.'],
  ['faults', 'livedream_live_faults_total', 'Messages and frames that were refused.'],
];

/** What happened on the live socket. */
export function liveMetrics(registry: Registry, counts: LiveCounts): void {
  gauge(registry, 'livedream_live_clients', 'Live clients now.', () => counts.clients);
  for (const [of, name, help] of TOTALS) total(registry, name, help, () => counts[of]);
}
