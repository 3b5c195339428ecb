// Single dreams: to their end, cancelled at any time, timed out, stopped by a callback.
import { setTimeout as after } from 'node:timers/promises';
import { expect } from '../judge.mjs';

/** Of the places where more than a few calls are refused. */
const FULL = ['QUEUE_FULL'];

export async function dream({ chance, home }) {
  const place = home.any(chance);
  const each = chance.pick(place.cases);
  return place.use((dreamer) => dreamer.dream(each.picture(chance), each.options), {
    may: FULL,
    check: (result) => each.check(result),
  });
}

/** Several at once, of which a narrow queue refuses some. */
export async function several({ chance, home }) {
  const place = chance.pick([home.place('small'), home.place('narrow')]);
  const ends = Array.from({ length: chance.whole(2, 7) }, () => {
    const each = chance.pick(place.cases);
    return place.use((dreamer) => dreamer.dream(each.picture(chance), each.options), {
      may: FULL,
      check: (result) => each.check(result),
    });
  });
  return [...new Set(await Promise.all(ends))].sort().join(' and ');
}

const long = (each) => ({ ...each.options, iterations: 60 });

/** @returns what aborts a call at a random time, and what the caller does with its progress */
function aborting(chance, reason) {
  const controller = new AbortController();
  const abort = () => controller.abort(reason);
  const when = chance.pick(['before', 'at once', 'soon', 'in a step', 'after']);
  if (when === 'before') abort();
  if (when === 'at once') queueMicrotask(abort);
  if (when === 'soon') setTimeout(abort, chance.whole(0, 250));
  const onProgress = when === 'in a step' ? abort : undefined;
  return { when, abort, signal: controller.signal, ...(onProgress ? { onProgress } : {}) };
}

export async function abort({ chance, home }) {
  const place = home.any(chance);
  const each = chance.pick(place.cases);
  const reason = new Error('of the soak');
  const { when, abort: now, ...control } = aborting(chance, reason);
  const options = when === 'after' ? each.options : long(each);
  const end = await place.use((dreamer) => dreamer.dream(each.picture(chance), { ...options, ...control }), {
    may: [...FULL, 'ABORTED'],
    checkError: (error) =>
      expect(error.code !== 'ERR_LIVEDREAM_ABORTED' || error.name === 'AbortError', 'an abort of another name'),
  });
  now();
  expect(!(when === 'before' && end === 'done'), 'a dream was made whose signal was aborted before');
  return `${when}: ${end}`;
}

export async function timeOut({ chance, home }) {
  const place = home.any(chance);
  const each = chance.pick(place.cases);
  const signal = AbortSignal.timeout(chance.whole(0, 400));
  return place.use((dreamer) => dreamer.dream(each.picture(chance), { ...long(each), signal }), {
    may: [...FULL, 'ABORTED'],
  });
}

/** What a callback throws, or its promise rejects with, is what the call rejects with. */
export async function callback({ chance, home }) {
  const place = home.place('small');
  const each = chance.pick(place.cases);
  const failure = new Error('from a callback');
  const fail = chance.pick([
    () => {
      throw failure;
    },
    () => Promise.reject(failure),
    () => after(chance.whole(0, 30)).then(() => Promise.reject(failure)),
  ]);
  const name = chance.pick(['onProgress', 'onPreview']);
  return place.use(
    (dreamer) =>
      dreamer.dream(each.picture(chance), { ...each.options, [name]: fail }).catch((error) => {
        if (error === failure) return undefined;
        throw error;
      }),
    { may: FULL },
  );
}

/** Previews, by someone who is slow. */
export async function previews({ chance, home }) {
  const place = home.any(chance);
  const each = chance.pick(place.cases);
  const onPreview = async ({ data, width, height }) => {
    expect(data.length === 3 * width * height, 'a preview that is not of its size');
    await after(chance.whole(0, 20));
  };
  return place.use((dreamer) => dreamer.dream(each.picture(chance), { ...each.options, onPreview }), {
    may: FULL,
    check: (result) => each.check(result),
  });
}
