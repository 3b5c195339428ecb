import { expect, test } from 'vitest';
import { Throughput } from '../../../lib/service/farm/throughput.js';

const worker = (id: string, done: number) => ({ id, done });

test('it is what workers have done since the first look of the last minute', () => {
  const throughput = new Throughput();
  expect(throughput.perSecond()).toBeUndefined();
  throughput.note([worker('a', 100), worker('b', 7)], 0);
  throughput.note([worker('a', 100), worker('b', 7)], 500);
  expect(throughput.perSecond()).toBeUndefined();
  throughput.note([worker('a', 110), worker('b', 17)], 10_000);
  expect(throughput.perSecond()).toBe(2);
  throughput.note([worker('a', 110), worker('b', 17)], 65_000);
  throughput.note([worker('a', 141), worker('b', 17)], 72_000);
  expect(throughput.perSecond()).toBeCloseTo(31 / 7);
});

test('those that come count from their beginning, and those that go no more', () => {
  const throughput = new Throughput();
  throughput.note([worker('old', 1000)], 0);
  throughput.note([worker('new', 20)], 10_000);
  expect(throughput.perSecond()).toBe(2);
});
