import { expect, test } from 'vitest';
import { type TurnKind, Turns } from '../../lib/service/turns.js';

const never = new AbortController().signal;

/** Takes turns, and notes in which order they came. */
function taker(turns: Turns): { readonly order: string[]; readonly take: (kind: TurnKind, name: string) => void } {
  const order: string[] = [];
  const take = (kind: TurnKind, name: string): void => {
    void turns.take(kind, never).then((giveBack) => {
      order.push(name);
      setImmediate(() => giveBack?.());
    });
  };
  return { order, take };
}

test('those of a kind have their turns in the order of their coming, and the kinds in turn', async () => {
  const turns = new Turns(1, 10);
  const { order, take } = taker(turns);
  for (const name of ['d1', 'd2', 'd3', 'd4']) take('dream', name);
  for (const name of ['f1', 'f2']) take('frame', name);
  expect([turns.waiting('dream'), turns.waiting('frame')]).toEqual([3, 2]);
  await expect.poll(() => order.length).toBe(6);
  expect(order).toEqual(['d1', 'f1', 'd2', 'f2', 'd3', 'd4']);
});

test('as many at a time as there are turns, and giving one back twice gives back one', async () => {
  const turns = new Turns(2, 10);
  const [first, second] = [await turns.take('dream', never), await turns.take('frame', never)];
  const waiting = [turns.take('dream', never), turns.take('dream', never)];
  first?.();
  first?.();
  await waiting[0];
  expect(turns.waiting('dream')).toBe(1);
  second?.();
  expect(await waiting[1]).toBeTypeOf('function');
});

test('who leaves while waiting is forgotten, and no turn is lost', async () => {
  const turns = new Turns(1, 10);
  const held = await turns.take('dream', never);
  const leaving = new AbortController();
  const left = turns.take('dream', leaving.signal);
  const next = turns.take('dream', never);
  leaving.abort();
  expect(await left).toBeUndefined();
  expect(turns.waiting('dream')).toBe(1);
  held?.();
  expect(await next).toBeTypeOf('function');
  expect(await turns.take('frame', AbortSignal.abort())).toBeUndefined();
});

test('more dreams than may wait are refused; frames are not', async () => {
  const turns = new Turns(1, 1);
  await turns.take('dream', never);
  void turns.take('dream', never);
  await expect(turns.take('dream', never)).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_QUEUE_FULL' });
  void turns.take('frame', never);
  expect(turns.waiting('frame')).toBe(1);
});
