// npm run soak:service: `livedream serve` under 32 clients on the loopback address, a third of which leave midway; some read slowly, send
// half of what they promise, or what cannot be dreamed; four are cameras on the live socket. Every answer is compared with the dream
// that was made in quiet. Bounded by --minutes.
// node tools/soak-service.mjs [--minutes 20] [--report FILE] [--counts] [-- flags of livedream serve]
// --counts: judges what was answered, and no time or memory. Writes FILE.json and FILE.md.
import { setMaxListeners } from 'node:events';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import sharp from 'sharp';
import { Answers } from './service/answers.mjs';
import { watchHealth } from './service/health.mjs';
import { camera, LiveTally } from './service/live-clients.mjs';
import { broken, dreamOf, halfSent, leaving, slow } from './service/requests.mjs';
import { serve } from './service/served.mjs';
import { markdownOf, reportOf } from './service/soak-report.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '20' },
    report: { type: 'string' },
    counts: { type: 'boolean', default: false },
    image: { type: 'string', default: 'docs/images/sample.jpg' },
    /** What is dreamed of. */
    objective: { type: 'string', default: '{}' },
  },
});
const minutes = Number(values.minutes);
const objective = JSON.parse(values.objective);

const crop = (width, height, at = 0) =>
  sharp(values.image)
    .resize(width + 40, height + 40, { fit: 'cover' })
    .extract({ left: at, top: at, width, height });

/** Milliseconds for which /healthz is asked before there is any load: what the machine takes by itself. */
const QUIET = Math.min(10_000, minutes * 10_000);
const SIZES = [
  [96, 72],
  [128, 96],
  [240, 180],
];

async function casesOf(url) {
  const dreams = [
    { octaves: 2, iterations: 2 },
    { octaves: 1, iterations: 4 },
  ];
  const cases = [];
  for (const [width, height] of SIZES)
    for (const options of dreams) {
      const picture = await crop(width, height).png().toBuffer();
      const query = String(new URLSearchParams({ ...options, ...objective, seed: '7', format: 'png' }));
      cases.push({ picture, query, dream: await dreamOf(url, { picture, query }) });
    }
  return cases;
}

/** Eight connections of the seed's route, whose answers are text, as autocannon has them. */
async function cannon(url, answers) {
  const requests = await Promise.all(
    SIZES.map(async ([width, height]) => {
      const picture = await crop(width, height).png().toBuffer();
      const body = JSON.stringify({ file_data: picture.toString('base64'), octaves: 2, iterations: 2 });
      const headers = { 'content-type': 'application/json' };
      const expected = await (await fetch(`${url}/deepdream`, { method: 'POST', headers, body })).text();
      const onResponse = (status, text, _context, given) => {
        const named = Object.entries(given).map(([name, value]) => [name.toLowerCase(), value]);
        answers.judge('steady', { status, headers: Object.fromEntries(named), text }, () => text === expected);
      };
      return { method: 'POST', path: '/deepdream', headers, body, onResponse };
    }),
  );
  return () => autocannon({ url, connections: 8, duration: minutes * 60, connectionRate: 5, timeout: 150, requests });
}

const flags = ['--wait-limit', '16', '--live-limit', '4', ...positionals];
const served = await serve(flags);
const cases = await casesOf(served.url);
const [answers, live, slowReaders] = [new Answers(), new LiveTally(), new LiveTally()];
const shoot = await cannon(served.url, answers);
const frames = await Promise.all(
  Array.from({ length: 20 }, (_, at) =>
    crop(160, 120, 2 * at)
      .jpeg()
      .toBuffer(),
  ),
);
const handles = { before: served.handles() };
const stop = new AbortController();
setMaxListeners(100, stop.signal);
const common = { url: served.url, cases, answers, signal: stop.signal };
const films = { ...common, frames, rate: 10, options: { options: { ...objective }, size: 160 } };
const quiet = watchHealth(served.url);
await new Promise((resolve) => setTimeout(resolve, QUIET));
const idle = await quiet();
const health = watchHealth(served.url);
const samples = [];
const sample = () => samples.push({ at: performance.now(), memory: served.memory() });
const sampling = setInterval(sample, Math.max(200, (minutes * 60_000) / 600));

const many = (count, client) => Array.from({ length: count }, () => client(common));
const running = [
  ...many(11, leaving),
  ...many(3, slow),
  ...many(3, halfSent),
  ...many(3, broken),
  ...Array.from({ length: 2 }, () => camera({ ...films, tally: live })),
  camera({ ...films, tally: live, stay: 4000 }),
  camera({ ...films, tally: slowReaders, reads: false }),
];
await shoot();
sample();
clearInterval(sampling);
stop.abort();
await Promise.all(running);
const beats = await health();
if (!served.running()) answers.fail('the service ended by itself');
// What closes, closes within the goodbye of a socket.
for (let wait = 0; wait < 40 && served.handles() > handles.before + 2; wait += 1)
  await new Promise((resolve) => setTimeout(resolve, 250));
handles.after = served.handles();
const exit = await served.stop();
const [cpu] = os.cpus();
const environment = {
  cpu: cpu?.model,
  cores: os.cpus().length,
  node: process.version,
  load: os.loadavg().map(Math.round),
};
const found = { minutes, answers, live, slow: slowReaders, health: beats, idle, samples, handles, exit, environment };
const report = reportOf({ ...found, said: served.said() });
const text = markdownOf(report);
console.log(text);
if (values.report !== undefined) {
  writeFileSync(`${values.report}.json`, `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(`${values.report}.md`, text);
}
const judged = { ...report.counts, ...(values.counts ? {} : report.durations) };
if (report.wrong.count > 0) console.error(report.wrong.some.join('\n'));
process.exitCode = Object.values(judged).every(Boolean) ? 0 : 1;
