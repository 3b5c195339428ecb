// Clients of POST /v1/dreams that are not as they should be. Each goes on until the signal.
import http from 'node:http';
import { setTimeout as after } from 'node:timers/promises';

const pause = (milliseconds, signal) => after(milliseconds, undefined, { signal }).catch(() => undefined);
const between = (least, most) => least + Math.random() * (most - least);

function post(url, { query, type = 'image/png', length }) {
  const headers = { 'content-type': type, ...(length === undefined ? {} : { 'content-length': length }) };
  return http.request(`${url}/v1/dreams?${query}`, { method: 'POST', headers, agent: false });
}

/** The answer, read with so many milliseconds between its chunks. */
function answer(request, between = 0) {
  return new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', async (response) => {
      try {
        const chunks = [];
        for await (const chunk of response) {
          chunks.push(chunk);
          if (between > 0) await after(between);
        }
        const body = Buffer.concat(chunks);
        const status = response.statusCode;
        resolve({ status, headers: response.headers, body, text: status === 200 ? undefined : body.toString() });
      } catch (error) {
        reject(error);
      }
    });
  });
}

/** The whole of a request, made in quiet: what later answers must equal. */
export async function dreamOf(url, { picture, query }) {
  const request = post(url, { query, length: picture.length });
  request.end(picture);
  const { status, body, text } = await answer(request);
  if (status !== 200) throw new Error(`The first dream of a picture was answered with ${status}: ${text}`);
  return body;
}

const pick = (list) => list[Math.floor(Math.random() * list.length)];

async function forever(signal, answers, kind, once) {
  while (!signal.aborted) {
    try {
      const back = await once();
      if (back?.status === 503) await pause(between(200, 800), signal);
    } catch (error) {
      if (!signal.aborted) answers.fail(`${kind}: ${error.message}`);
      await pause(200, signal);
    }
  }
}

/** Leaves before it has its answer, more often than not. */
export const leaving = ({ url, cases, answers, signal }) =>
  forever(signal, answers, 'leaving', async () => {
    const { picture, query, dream } = pick(cases);
    const request = post(url, { query, length: picture.length });
    const left = new AbortController();
    const timer = setTimeout(() => left.abort(request.destroy()), between(5, 400));
    request.end(picture);
    try {
      const back = await answer(request);
      answers.judge('leaving', back, () => back.body.equals(dream));
      return back;
    } catch (error) {
      if (!left.signal.aborted) throw error;
      answers.count('leaving left');
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  });

/** Reads its answer by and by. */
export const slow = ({ url, cases, answers, signal }) =>
  forever(signal, answers, 'slow', async () => {
    const { picture, query, dream } = cases.at(-1);
    const request = post(url, { query, length: picture.length });
    request.end(picture);
    const back = await answer(request, 30);
    answers.judge('slow', back, () => back.body.equals(dream));
    return back;
  });

/** Sends half of what it promised, and leaves after a while, or is shut out. */
export const halfSent = ({ url, cases, answers, signal }) =>
  forever(signal, answers, 'half-sent', async () => {
    const { picture, query } = pick(cases);
    const request = post(url, { query, length: picture.length });
    const answered = answer(request).then(
      (back) => answers.judge('half-sent', back, () => false),
      () => answers.count('half-sent closed'),
    );
    request.write(picture.subarray(0, picture.length / 2));
    await pause(between(100, 3000), signal);
    request.destroy();
    await answered;
  });

/** Sends what cannot be dreamed. */
export const broken = ({ url, cases, answers, signal }) =>
  forever(signal, answers, 'broken', async () => {
    const { picture, query } = pick(cases);
    const [wrong, given, type] = pick([
      [picture.subarray(0, picture.length / 2), query],
      [Buffer.from('hello'), query],
      [picture, 'octaves=many'],
      [picture, 'filter=none-of-that-name'],
      [Buffer.from('{"image":"???"}'), '', 'application/json'],
      [picture, query, 'text/plain'],
    ]);
    const request = post(url, { query: given, type, length: wrong.length });
    request.end(wrong);
    const back = await answer(request);
    answers.judge('broken', back, () => false);
    await pause(between(50, 300), signal);
    return back;
  });
