// Streams pictures through the live socket of `livedream serve` and writes the dreamed frames: README.md.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { WebSocket } from 'ws';

const { values } = parseArgs({
  options: {
    service: { type: 'string', default: 'ws://127.0.0.1:8080/v1/live' },
    from: { type: 'string' },
    to: { type: 'string' },
    /** As a camera would send them, late ones dropped; left out, each is waited for. */
    fps: { type: 'string' },
    size: { type: 'string', default: '320' },
    format: { type: 'string', default: 'jpeg' },
    options: { type: 'string', default: '{}' },
  },
});
const { from, to } = values;
if (from === undefined || to === undefined) {
  console.error('Usage: node live-client.mjs --from FOLDER|- --to FOLDER [--fps n] [--options \'{"filter":"reef"}\']');
  process.exit(2);
}

async function* ofFolder(folder) {
  const names = (await readdir(folder)).filter((name) => /\.(jpe?g|png|webp)$/i.test(name)).sort();
  for (const name of names) yield readFile(path.join(folder, name));
}

/** The pictures of a stream of JPEGs one after another, as `ffmpeg -f mjpeg -` gives them. */
async function* ofMotionJpeg(stream) {
  const [begin, end] = [Buffer.from([0xff, 0xd8, 0xff]), Buffer.from([0xff, 0xd9])];
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const start = rest.indexOf(begin);
      const stop = start < 0 ? -1 : rest.indexOf(end, start);
      if (stop < 0) break;
      yield rest.subarray(start, stop + end.length);
      rest = rest.subarray(stop + end.length);
    }
  }
}

/** An open socket; `frame()` resolves with the next dreamed frame, and rejects where the socket is closed or something was refused. */
async function open() {
  // A browser, which sets no headers here, would offer a second subprotocol: docs/service.md.
  const token = process.env.LIVEDREAM_TOKEN;
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const socket = new WebSocket(values.service, 'livedream.v1', { headers });
  const arrived = [];
  let [head, failed, wake] = [];
  const fail = (error) => {
    failed ??= error;
    wake?.();
  };
  socket.on('message', (data, binary) => {
    if (binary) {
      arrived.push({ head, picture: data });
      return wake?.();
    }
    const word = JSON.parse(data);
    if (word.type === 'frame') head = word;
    if (word.type === 'error') fail(new Error(`${word.code}: ${word.message}`));
  });
  socket.on('close', (code, reason) => fail(new Error(`The service closed the socket: ${code} ${reason}`)));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  const frame = async () => {
    while (arrived.length === 0 && !failed)
      await new Promise((resolve) => {
        wake = resolve;
      });
    if (failed) throw failed;
    return arrived.shift();
  };
  return { socket, frame };
}

await mkdir(to, { recursive: true });
const { socket, frame } = await open();
const options = JSON.parse(values.options);
socket.send(JSON.stringify({ type: 'options', options, size: Number(values.size), format: values.format }));

async function keep({ head, picture }) {
  const name = `${String(head.received).padStart(6, '0')}.${head.format}`;
  await writeFile(path.join(to, name), picture);
  console.log(`${name}: ${head.width} x ${head.height}, ${head.latencyMs} ms, ${head.dropped} dropped so far`);
}

const source = from === '-' ? ofMotionJpeg(process.stdin) : ofFolder(from);
if (values.fps === undefined) {
  for await (const picture of source) {
    const dreamed = frame();
    socket.send(picture);
    await keep(await dreamed);
  }
} else {
  let sent = 0;
  let done = false;
  const taking = (async () => {
    // The last frame is never dropped: none comes after it.
    for (let last = 0; !done || last < sent; ) {
      const dreamed = await frame();
      last = dreamed.head.received;
      await keep(dreamed);
    }
  })();
  for await (const picture of source) {
    socket.send(picture);
    sent += 1;
    await after(1000 / Number(values.fps));
  }
  done = true;
  await taking;
}
socket.close();
