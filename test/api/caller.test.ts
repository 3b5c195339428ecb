import { expect, test } from 'vitest';
import { Caller } from '../../lib/caller.js';
import { collectGarbage } from '../support/collect-garbage.js';

async function result(): Promise<Uint8Array> {
  return new Uint8Array(2 ** 20);
}

async function heard(caller: Caller): Promise<WeakRef<Uint8Array>> {
  return new WeakRef(await caller.hear(result()));
}

test('a long call keeps none of the results that it heard', async () => {
  const caller = new Caller(new AbortController().signal);
  const results = [await heard(caller), await heard(caller)];
  await collectGarbage();
  expect(results.map((kept) => kept.deref())).toEqual([undefined, undefined]);
});

test('what stops a call is heard at once by all who wait, and by who comes later', async () => {
  const controller = new AbortController();
  const caller = new Caller(controller.signal);
  const waiting = [caller.hear(new Promise<never>(() => undefined)), caller.hear(new Promise<never>(() => undefined))];
  controller.abort(new Error('enough'));
  waiting.push(caller.hear(new Promise<never>(() => undefined)));
  for (const work of waiting) {
    await expect(work).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED', cause: { message: 'enough' } });
  }
});

test('work that fails is heard, and one that fails after the stop troubles nobody', async () => {
  const controller = new AbortController();
  const caller = new Caller(controller.signal);
  await expect(caller.hear(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  let fail: (error: Error) => void = () => undefined;
  const late = caller.hear(
    new Promise<never>((_resolve, reject) => {
      fail = reject;
    }),
  );
  controller.abort();
  fail(new Error('too late'));
  await expect(late).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_ABORTED' });
});
