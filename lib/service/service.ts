import type { Dreamer } from '../dreamer.js';
import type { ServiceLimits } from '../options/serve-options.js';
import type { Activity } from './activity.js';

/** What the routes of one plugin have in common. */
export interface Service {
  readonly dreamer: Dreamer;
  readonly limits: ServiceLimits;
  readonly activity: Activity;
}
