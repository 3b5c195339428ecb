// Clients of GET /v1/live: a camera each. They go on until the signal.
import { setTimeout as after } from 'node:timers/promises';
import { WebSocket } from 'ws';

const JPEG = 0xffd8ff;

/** What live clients saw. */
export class LiveTally {
  frames = 0;
  sent = 0;
  dropped = 0;
  /** Of each dreamed frame: when it came, its round trip, and what the service says. */
  times = [];
  closed = {};
}

function take(tally, answers, head, picture, { sentAt, sent }) {
  tally.frames += 1;
  const at = performance.now();
  tally.times.push({ at, roundTrip: at - sentAt.get(head.received), latency: head.latencyMs });
  for (const number of sentAt.keys()) if (number <= head.received) sentAt.delete(number);
  if (picture.readUIntBE(0, 3) !== JPEG || head.format !== 'jpeg') answers.fail('live: a picture that is no JPEG');
  if (!(head.number + head.dropped <= sent)) answers.fail(`live: ${JSON.stringify(head)} does not add up`);
}

/**
 * One visit of a camera. `reads`: answers what it reads, as all clients do that read at all.
 * @returns when the signal came, or the socket closed
 */
async function visit({ url, frames, rate, options, answers, tally, signal, reads = true }) {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/live`, 'livedream.v1', { autoPong: reads });
  const sentAt = new Map();
  let [sent, head, dropped] = [0];
  socket.on('error', () => undefined);
  socket.on('message', (data, binary) => {
    if (binary) return take(tally, answers, head, data, { sentAt, sent });
    const word = JSON.parse(data);
    if (word.type === 'frame') [head, dropped] = [word, word.dropped];
    if (word.type === 'error') answers.fail(`live: ${word.code} ${word.message}`);
  });
  const closed = new Promise((resolve) => {
    socket.on('close', (code, reason) => resolve(`${code} ${reason}`));
  });
  const opened = await Promise.race([new Promise((resolve) => socket.once('open', () => resolve(true))), closed]);
  if (opened === true) {
    socket.send(JSON.stringify({ type: 'options', ...options }));
    while (!signal.aborted && socket.readyState === WebSocket.OPEN) {
      sent += 1;
      sentAt.set(sent, performance.now());
      socket.send(frames[sent % frames.length]);
      await after(1000 / rate, undefined, { signal }).catch(() => undefined);
    }
  }
  socket.close();
  const how = await closed;
  tally.sent += sent;
  tally.dropped += dropped ?? 0;
  tally.closed[how] = (tally.closed[how] ?? 0) + 1;
}

/** Comes back whenever it is shut out; `stay` milliseconds a visit, or for ever. */
export async function camera({ signal, stay, ...rest }) {
  while (!signal.aborted) {
    const until =
      stay === undefined
        ? signal
        : AbortSignal.any([signal, AbortSignal.timeout(Math.round(stay * (0.5 + Math.random())))]);
    await visit({ ...rest, signal: until });
    await after(200, undefined, { signal }).catch(() => undefined);
  }
}
