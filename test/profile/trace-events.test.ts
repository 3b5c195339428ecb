import { expect, test } from 'vitest';
import type { Profile } from '../../lib/profile/profile.js';
import { type TraceEvent, traceFile } from '../../lib/profile/trace-events.js';

const run = (operation: string, device: string, begin: number, end: number) => ({
  ...{ name: `${operation}_1`, operation, device, begin, end },
});

const PROFILE: Profile = {
  model: 'dream',
  layer: 'mixed4d',
  device: 'GPU:0',
  precision: 'float32',
  width: 96,
  height: 64,
  steps: 2,
  milliseconds: 9,
  operations: [],
  programs: [
    {
      program: 'a step',
      octave: 0,
      iteration: 0,
      operations: [
        run('Conv2D', 'GPU:0', 0, 2),
        run('Relu', 'GPU:0', 1, 3),
        run('Pad', 'CPU:0', 1, 2),
        run('Concat', 'GPU:0', 2, 2.5),
      ],
    },
    { program: 'a step', octave: 0, iteration: 1, operations: [run('Conv2D', 'GPU:0', 4, 10)] },
    { program: 'nothing', octave: 0, iteration: 2, operations: [] },
  ],
};

type Span = Extract<TraceEvent, { ph: 'X' }>;

test('a trace has the steps and what each device ran, in microseconds, side by side where it overlapped', () => {
  const { traceEvents, otherData, displayTimeUnit } = traceFile(PROFILE);
  expect(displayTimeUnit).toBe('ms');
  expect(otherData).toMatchObject({ model: 'dream', layer: 'mixed4d', device: 'GPU:0', steps: 2 });
  const spans = traceEvents.filter((event): event is Span => event.ph === 'X');
  expect(spans.map(({ name, pid, tid, ts, dur }) => [name, pid, tid, ts, dur])).toEqual([
    ['a step', 0, 1, 0, 3000],
    ['Conv2D', 1, 1, 0, 2000],
    ['Relu', 1, 2, 1000, 2000],
    ['Pad', 2, 1, 1000, 1000],
    ['Concat', 1, 1, 2000, 500],
    ['a step', 0, 1, 4000, 6000],
    ['Conv2D', 1, 1, 4000, 6000],
  ]);
  const names = traceEvents.flatMap((event) =>
    event.ph === 'M' && 'name' in event.args ? [[event.pid, event.args.name]] : [],
  );
  expect(names).toEqual([
    [0, 'steps'],
    [1, 'GPU:0'],
    [1, 'what runs side by side, 1'],
    [1, 'what runs side by side, 2'],
    [2, 'CPU:0'],
    [2, 'what runs side by side, 1'],
  ]);
});
