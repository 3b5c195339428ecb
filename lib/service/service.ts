import type { Dreamer } from '../dreamer.js';
import type { ServiceLimits } from '../options/serve-options.js';
import type { Activity } from './activity.js';
import type { Dreamers } from './dreamers.js';
import type { Metrics } from './metrics.js';
import type { Turns } from './turns.js';

/** What the routes of one plugin have in common. */
export interface Service {
  readonly dreamer: Dreamer;
  readonly dreamers: Dreamers;
  readonly limits: ServiceLimits;
  readonly activity: Activity;
  readonly metrics: Metrics;
  /** On the devices, for requests and live clients. */
  readonly turns: Turns;
}
