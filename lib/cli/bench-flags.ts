import { type BenchOptions, readBench } from '../bench/bench.js';
import { PEER_NAMES, type PeerName } from '../bench/peers/catalogue.js';
import { optionRangeError } from '../errors.js';
import { BENCH_AXES, BENCH_AXIS_NAMES, BENCH_OPTIONS } from '../options/bench-options.js';
import type { OptionDescription } from '../options/description.js';
import { parseValue } from '../options/parse.js';
import { allowed } from '../options/read.js';
import type { Size } from '../size.js';
import { readFlags } from './flags.js';
import { type ModelFlags, readModelFlags } from './model-flags.js';
import { type ObjectiveFlags, readObjectiveFlags } from './objective-flags.js';

/** What a user gave, as commander has it. */
export interface BenchFlags extends ModelFlags, ObjectiveFlags {
  readonly picture?: string;
  readonly json?: string;
  readonly csv?: string;
  readonly plot?: string;
  readonly seedTable?: boolean;
  readonly compare?: readonly string[];
  readonly whole?: boolean;
  /** True for all. */
  readonly peers?: true | string;
  readonly [flag: string]: unknown;
}

function readSize(text: string): Size {
  const { pattern } = BENCH_AXES.size;
  if (!pattern.test(text)) throw optionRangeError('size', allowed(BENCH_AXES.size), text);
  const [width, height] = text.split('x').map(Number) as [number, number];
  return { width, height };
}

/** Values with commas between, of each axis that was given. */
function readAxes(flags: BenchFlags): Record<string, unknown> {
  const axes: Record<string, unknown> = {};
  for (const axis of BENCH_AXIS_NAMES) {
    const text = flags[axis];
    if (typeof text !== 'string') continue;
    const description: OptionDescription = BENCH_AXES[axis];
    const values = text.split(',').map((each) => each.trim());
    axes[axis] = values.map((value) => (axis === 'size' ? readSize(value) : parseValue(axis, description, value)));
  }
  return axes;
}

function readPeers({ peers }: BenchFlags): readonly PeerName[] | undefined {
  if (peers === undefined) return undefined;
  if (peers === true) return PEER_NAMES;
  // Checked with the other options.
  return peers.split(',').map((name) => name.trim() as PeerName);
}

/** The options of a benchmark, over those that stand for what was not given; checked. */
export function readBenchFlags(flags: BenchFlags, otherwise: BenchOptions = {}): BenchOptions {
  const model = readModelFlags(flags);
  const given = {
    ...otherwise,
    ...readFlags(flags, BENCH_OPTIONS),
    ...readAxes(flags),
    ...readObjectiveFlags(flags),
    ...(model === undefined ? {} : { model }),
    peers: readPeers(flags),
    ...(flags.picture === undefined ? {} : { picture: flags.picture }),
  } as BenchOptions;
  readBench(given);
  return given;
}
