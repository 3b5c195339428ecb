import { expect, test } from 'vitest';
import { Activity } from '../../lib/service/activity.js';

const HOUR = 3_600_000;
const never = new AbortController().signal;

function pending(): { readonly work: Promise<string>; readonly end: () => void } {
  let end: () => void = () => undefined;
  const work = new Promise<string>((resolve) => {
    end = () => resolve('done');
  });
  return { work, end: () => end() };
}

test('quiet comes when the last dream has ended, or failed', async () => {
  const activity = new Activity();
  await activity.quiet(HOUR, never);
  const first = pending();
  const during = [activity.during(first.work), activity.during(Promise.reject(new Error('no'))).catch(() => 'failed')];
  expect(activity.running).toBe(2);
  let quiet = false;
  const waiting = activity.quiet(HOUR, never).then(() => {
    quiet = true;
  });
  expect(await during[1]).toBe('failed');
  expect([activity.running, quiet]).toEqual([1, false]);
  first.end();
  expect(await during[0]).toBe('done');
  await waiting;
  expect(activity.running).toBe(0);
});

test('who waits for quiet does not wait for ever', async () => {
  const activity = new Activity();
  const { work, end } = pending();
  const during = activity.during(work);
  await activity.quiet(1, never);
  const controller = new AbortController();
  const waiting = activity.quiet(HOUR, controller.signal);
  controller.abort();
  await waiting;
  expect(activity.running).toBe(1);
  end();
  await during;
});
