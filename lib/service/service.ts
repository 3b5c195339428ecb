import type { ServiceLimits } from '../options/serve-options.js';
import type { Activity } from './activity.js';
import type { Metrics } from './metrics.js';
import type { Performer } from './performer.js';

/** What the routes of one plugin have in common. */
export interface Service {
  readonly performer: Performer;
  readonly limits: ServiceLimits;
  readonly activity: Activity;
  readonly metrics: Metrics;
}
