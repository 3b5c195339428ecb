// What a soak found, judged, and as a table.
export const quantile = (numbers, share) =>
  [...numbers].sort((a, b) => a - b)[Math.min(numbers.length - 1, Math.floor(share * numbers.length))];

const median = (numbers) => quantile(numbers, 0.5);
const thirds = (list) => [list.slice(0, Math.ceil(list.length / 3)), list.slice(Math.floor((2 * list.length) / 3))];
const round = (number) => (number === undefined ? undefined : Math.round(10 * number) / 10);

function spread(numbers) {
  const of = (share) => round(quantile(numbers, share));
  return { count: numbers.length, median: of(0.5), p95: of(0.95), p99: of(0.99), most: of(1) };
}

/** Megabytes and shares that memory may grow by: what allocators keep of a busy moment. */
const GROWTH = { share: 1.1, mib: 20 };
/** Milliseconds. */
const HEALTH = 50;
const LIVE = 5000;

export function reportOf({ minutes, answers, live, slow, health, idle, samples, handles, exit, said, environment }) {
  const [first, last] = thirds(samples.map(({ memory }) => memory)).map(median);
  const [early, late] = thirds(live.times.map(({ roundTrip }) => roundTrip));
  const report = {
    minutes,
    environment,
    answers: Object.fromEntries(Object.entries(answers.counts).sort()),
    wrong: { count: answers.wrongCount, some: answers.wrong },
    live: {
      ...{ sent: live.sent, dreamed: live.frames, dropped: live.dropped, closed: live.closed },
      roundTrip: spread(live.times.map(({ roundTrip }) => roundTrip)),
      latency: spread(live.times.map(({ latency }) => latency)),
      firstThird: spread(early),
      lastThird: spread(late),
    },
    slowReaders: { sent: slow.sent, dreamed: slow.frames, dropped: slow.dropped, closed: slow.closed },
    healthInQuiet: spread(idle.times),
    health: { ...spread(health.times), failed: health.failed },
    memory: {
      firstThird: round(first),
      lastThird: round(last),
      most: round(Math.max(...samples.map((s) => s.memory))),
    },
    handles,
    exit,
  };
  const counts = {
    'every answer right or clear': answers.wrongCount === 0,
    'dreams of requests and of live clients':
      Object.keys(answers.counts).some((w) => / 200$/.test(w)) && live.frames > 0,
    'frames of slow readers dropped': slow.frames < slow.sent / 2,
    'healthz always answered': health.failed === 0,
    'no handle left': handles.after === undefined || handles.after <= handles.before + 2,
    'ended as asked': exit === 0,
  };
  const durations = {
    [`healthz within ${HEALTH} ms (p99)`]: report.health.p99 <= HEALTH,
    'live latency bounded':
      report.live.roundTrip.most <= LIVE && report.live.lastThird.p95 <= 1.5 * report.live.firstThird.p95 + 100,
    'memory flat': last <= GROWTH.share * first + GROWTH.mib,
  };
  return { ...report, counts, durations, said: exit === 0 ? undefined : said };
}

const cell = (value) => (typeof value === 'object' ? JSON.stringify(value).replaceAll('"', '') : String(value));

export function markdownOf({ counts, durations, said, answers, ...rest }) {
  const rows = Object.entries(rest).map(([name, value]) => `| ${name} | ${cell(value)} |`);
  const verdicts = Object.entries({ ...counts, ...durations }).map(
    ([what, ok]) => `| ${what} | ${ok ? 'yes' : '**no**'} |`,
  );
  const statuses = Object.entries(answers).map(([what, count]) => `${what}: ${count}`);
  return ['| | |', '| --- | --- |', ...verdicts, ...rows, `| answers | ${statuses.join(', ')} |`, ''].join('\n');
}
