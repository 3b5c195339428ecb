// How far a source is read ahead, and what goes together.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { LookAhead, type Taken } from '../../lib/batch/look-ahead.js';

interface Read extends Taken<string> {
  readonly kind: string;
}

interface Watched {
  readonly ahead: LookAhead<string, Read>;
  reading: number;
  mostReading: number;
}

function over(source: Iterable<string>, { places = 100, readers = 2, delay = (_: string): number => 1 } = {}): Watched {
  const watched = { reading: 0, mostReading: 0 };
  const ahead = new LookAhead<string, Read>({
    source,
    readers,
    places: () => places,
    read: async (taken) => {
      watched.reading += 1;
      watched.mostReading = Math.max(watched.mostReading, watched.reading);
      await sleep(delay(taken.source));
      watched.reading -= 1;
      if (taken.source === '!') throw new Error('unreadable');
      return taken.source === '-' ? undefined : { ...taken, kind: taken.source };
    },
  });
  return Object.assign(watched, { ahead });
}

const same = (one: Read, other: Read): boolean => one.kind === other.kind;
const indices = (found: readonly Read[] | undefined): number[] | undefined => found?.map(({ index }) => index);

describe('what is read ahead', () => {
  test('comes with others of its kind, the oldest first, whoever was read first', async () => {
    const { ahead } = over('aabaab', { delay: (kind) => (kind === 'a' ? 20 : 1) });
    expect(indices(await ahead.next(() => 3, same))).toEqual([0, 1, 3]);
    expect(indices(await ahead.next(() => 3, same))).toEqual([2, 5]);
    expect(indices(await ahead.next(() => 3, same))).toEqual([4]);
    expect(await ahead.next(() => 3, same)).toBeUndefined();
  });

  test('is read by so many at a time, and no more than there are places', async () => {
    const watched = over('aaaaaaaa', { places: 3 });
    expect(indices(await watched.ahead.next(() => 8, same))).toEqual([0, 1, 2]);
    watched.ahead.release(2);
    expect(indices(await watched.ahead.next(() => 8, same))).toEqual([3, 4]);
    expect(watched.mostReading).toBe(2);
  });

  test('leaves out what gives nothing', async () => {
    const { ahead } = over('-a-');
    expect(indices(await ahead.next(() => 2, same))).toEqual([1]);
    expect(await ahead.next(() => 2, same)).toBeUndefined();
  });

  test('ends for all who wait when it is closed, and when a read fails', async () => {
    const closed = over('', { delay: () => 1 }).ahead;
    const slow = over('a', { delay: () => 200 }).ahead;
    const waiting = [slow.next(() => 1, same), slow.next(() => 1, same)];
    await sleep(10);
    slow.close();
    closed.close();
    expect(await Promise.all([...waiting, closed.next(() => 1, same)])).toEqual([undefined, undefined, undefined]);
    const { ahead } = over('!');
    await expect(ahead.next(() => 1, same)).rejects.toThrow('unreadable');
  });
});
