import type { IntegerOption, NumberOption } from '../options/description.js';
import { DREAM_OPTIONS } from '../options/dream-options.js';
import { STREAM_OPTIONS } from '../options/stream-options.js';
import type { NumberFact, PageFacts } from '../page/facts.js';
import { packageVersion } from '../version.js';
import type { Service } from './service.js';

function factOf(option: IntegerOption | NumberOption, limit = option.most): NumberFact {
  const { about, least, above = false, unit } = option;
  const most = Math.min(option.most, limit);
  const whole = option.kind === 'integer';
  const fact = { about, default: Math.min(option.default as number, most), least, most, above, whole };
  return unit === undefined ? fact : { ...fact, unit };
}

/** What the page has to know of the tables of options and of this service. */
export function pageFacts({ limits }: Pick<Service, 'limits'>): PageFacts {
  const { octaves, octaveScale, iterations, step, size } = DREAM_OPTIONS;
  return {
    version: packageVersion(),
    token: limits.token !== undefined,
    pixelLimit: limits.pixelLimit,
    bodyLimit: limits.bodyLimit,
    leastSize: size.least,
    sliders: {
      octaves: factOf(octaves, limits.octaveLimit),
      octaveScale: factOf(octaveScale),
      iterations: factOf(iterations, limits.iterationLimit),
      step: factOf(step),
      blend: factOf(STREAM_OPTIONS.blend),
    },
  };
}
