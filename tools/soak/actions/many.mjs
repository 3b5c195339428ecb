// Many pictures, many dreams of one picture: to the end, left in the middle, with pictures among them that are none.
import { codeOf, expect } from '../judge.mjs';

const MAY = ['QUEUE_FULL', 'ABORTED'];
const plain = { octaves: 1, iterations: 2, layer: 'mixed3a', channel: 3 };

function* pictures(chance, cases, count) {
  for (let at = 0; at < count; at += 1)
    yield chance.happens(0.15)
      ? chance.pick([chance.bytes(50), 'nowhere.png', { data: new Uint8Array(5), width: 9, height: 9, channels: 3 }])
      : chance.pick(cases).picture(chance);
}

/** Loops over something, and leaves it where chance says so. */
async function take(chance, loop, each) {
  const most = chance.happens(0.3) ? chance.whole(0, 3) : Number.POSITIVE_INFINITY;
  let taken = 0;
  for await (const item of loop) {
    each(item);
    taken += 1;
    if (taken > most) break;
  }
}

export async function dreamAll({ chance, home }) {
  const place = chance.pick([home.place('small'), home.place('narrow')]);
  const controller = new AbortController();
  if (chance.happens(0.2)) setTimeout(() => controller.abort(), chance.whole(0, 300));
  const options = { ...plain, batch: chance.pick([1, 4, 8]), inOrder: chance.happens(0.5), signal: controller.signal };
  const size = chance.happens(0.5) ? { size: 64 } : {};
  return place.use(
    (dreamer) =>
      take(
        chance,
        dreamer.dreamAll(pictures(chance, place.cases, chance.whole(1, 12)), { ...options, ...size }),
        (found) => {
          if (found.error)
            expect(
              ['IMAGE_UNREADABLE', 'OPTION_RANGE', 'OPTION_TYPE'].includes(codeOf(found.error)),
              found.error.stack,
            );
          else
            expect(found.dream.data.length === 3 * found.dream.width * found.dream.height, 'a dream not of its size');
        },
      ),
    { may: MAY },
  );
}

export async function variations({ chance, home }) {
  const place = home.place('small');
  const each = chance.pick(place.cases);
  const list = Array.from({ length: chance.whole(0, 10) }, (_, channel) => ({
    layer: chance.pick(['mixed3a', 'mixed3b']),
    channel,
  }));
  const shared = { octaves: 1, iterations: chance.whole(1, 3), batch: chance.pick([1, 4]) };
  return place.use(
    (dreamer) =>
      take(chance, dreamer.variations(each.picture(chance), list, shared), ({ dream, index }) =>
        expect(index < list.length && dream.width === each.raw.width, 'a variation that was not asked for'),
      ),
    { may: MAY },
  );
}
