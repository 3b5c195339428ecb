// What a soak found, judged, as JSON, as a table and as a chart.
import { linearRegression, median } from 'simple-statistics';

const round = (number, digits = 1) => Math.round(10 ** digits * number) / 10 ** digits;
const MINUTE = 60;

/** The memory that may come to lie there in the second half, by the fitted line: less than what allocators keep of a busy moment. */
const GROWTH = { share: 0.03, mib: 10 };

/** A line through the second half, by least squares, with its slope's standard error, per hour. */
function trendOf(samples, of) {
  const points = samples.slice(Math.floor(samples.length / 2)).map((sample) => [sample.seconds / 3600, of(sample)]);
  const { m, b } = linearRegression(points);
  const rest = points.map(([x, y]) => y - (m * x + b));
  const middle = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - middle) ** 2, 0);
  const error = Math.sqrt(rest.reduce((sum, each) => sum + each * each, 0) / Math.max(1, points.length - 2) / spread);
  const hours = points.at(-1)[0] - points[0][0];
  return { perHour: round(m), standardError: round(error), growth: round(m * hours) };
}

/** Medians of the thirds after the first tenth, which warms up. */
function thirdsOf(samples, of) {
  const warm = samples.slice(Math.floor(samples.length / 10));
  const cut = (from, to) => warm.slice(Math.floor((from * warm.length) / 3), Math.ceil((to * warm.length) / 3));
  return [cut(0, 1), cut(1, 2), cut(2, 3)].map((third) => round(median(third.map(of))));
}

const MEASURES = {
  'resident, at rest, MiB': ({ rss }) => rss,
  'JavaScript heap used, at rest, MiB': ({ heapUsed }) => heapUsed,
  'external memory, at rest, MiB': ({ external }) => external,
  mappings: ({ mapped }) => mapped,
  'open files, at rest': ({ files }) => files,
  'threads, at rest': ({ threads }) => threads,
  'resident, at work, MiB': ({ busy }) => busy.rss,
};

function measured(samples) {
  const known = Object.entries(MEASURES).filter(([, of]) => of(samples[0]) !== undefined);
  return Object.fromEntries(
    known.map(([name, of]) => {
      const thirds = thirdsOf(samples, of);
      return [
        name,
        { thirds, least: Math.min(...samples.map(of)), most: Math.max(...samples.map(of)), ...trendOf(samples, of) },
      ];
    }),
  );
}

/** How often actions ended how, of each action together. */
function byAction(counts) {
  const table = {};
  for (const [name, count] of Object.entries(counts)) {
    const [action, ...end] = name.split(', ');
    table[action] = { ...table[action], [end.join(', ')]: count };
  }
  return table;
}

export function reportOf({ settings, lines, steps, code, signal, endedByItself, said, environment }) {
  const samples = lines.filter(({ kind }) => kind === 'sample');
  const failures = lines.filter(({ kind }) => kind === 'failure');
  const end = lines.find(({ kind }) => kind === 'end');
  const unfinished = steps.filter(
    ({ action, step }) => action && !steps.some((other) => other.end && other.step === step),
  );
  const verdicts = {
    'every outcome a result or a known error': failures.length === 0 && end !== undefined,
    'nothing left after disposal': end !== undefined && end.left.length === 0,
    'ended by itself': endedByItself && code === 0,
    'nothing printed': said === '',
  };
  const measures = samples.length > 3 ? measured(samples) : {};
  const resident = measures['resident, at rest, MiB'];
  const flat = resident && resident.growth <= Math.max(GROWTH.mib, GROWTH.share * resident.thirds[2]);
  return {
    settings,
    environment,
    steps: end?.steps,
    seconds: end?.seconds,
    peak: end?.peak,
    verdicts,
    memory: { 'memory flat': flat ?? false },
    measures,
    left: end?.left,
    rest: end?.rest,
    actions: byAction(end?.counts ?? {}),
    failures,
    code,
    signal,
    said,
    unfinished: end ? [] : unfinished,
    samples,
  };
}

const row = (...cells) => `| ${cells.join(' | ')} |`;
const verdictOf = (holds) => (holds ? 'yes' : '**no**');

export function markdownOf({
  settings,
  environment,
  steps,
  seconds,
  peak,
  verdicts,
  memory,
  measures,
  left,
  actions,
  failures,
  unfinished,
  said,
}) {
  const { seed } = settings;
  const facts = [
    `Seed ${seed}: ${steps} steps in ${round(seconds / MINUTE)} minutes, ${settings.lanes} at a time; ${environment.cpu}, ${environment.cores} cores, Node ${environment.node}. At most ${peak} MiB.`,
  ];
  const judged = Object.entries({ ...verdicts, ...memory }).map(([what, holds]) => row(what, verdictOf(holds)));
  const figures = Object.entries(measures).map(([name, { thirds, least, most, perHour, standardError }]) =>
    row(name, ...thirds, least, most, `${perHour} ± ${standardError}`),
  );
  const ends = Object.entries(actions)
    .sort()
    .map(([action, of]) =>
      row(
        action,
        Object.values(of).reduce((sum, count) => sum + count),
        Object.entries(of)
          .sort()
          .map(([end, count]) => `${end} ${count}`)
          .join('; '),
      ),
    );
  return [
    ...facts,
    '',
    row('', ''),
    row('---', '---'),
    ...judged,
    '',
    row('', 'first third', 'second', 'last', 'least', 'most', 'second half, an hour'),
    row('---', ...Array(6).fill('---:')),
    ...figures,
    '',
    row('step', 'times', 'how it ended'),
    row('---', '---:', '---'),
    ...ends,
    '',
    ...(left ?? []).map((each) => `left: ${each}`),
    ...failures.map(({ step, action, stack }) => `step ${step} (${action}), --seed ${seed} --step '${step}': ${stack}`),
    ...unfinished.map(({ step, action }) => `unfinished: step ${step} (${action}), --seed ${seed} --step '${step}'`),
    ...(said ? [`printed: ${said}`] : []),
  ].join('\n');
}
