import { BENCH_AXES, BENCH_OPTIONS } from './bench-options.js';
import type { OptionDescription, OptionTable } from './description.js';
import { DREAM_OPTIONS } from './dream-options.js';
import { FILE_OPTIONS } from './encode-options.js';
import {
  CLEAN_COMMAND_OPTIONS,
  CLEAN_OPTIONS,
  FARM_OPTIONS,
  FILM_JOB_OPTIONS,
  JOB_OPTIONS,
  WORK_OPTIONS,
} from './farm-options.js';
import { LOAD_OPTIONS } from './load-options.js';
import { MORPH_OPTIONS } from './morph-options.js';
import { PRESET_OPTIONS } from './preset.js';
import { allowed } from './read.js';
import { SERVE_OPTIONS, SERVICE_OPTIONS } from './serve-options.js';
import { SHEET_DREAM_OPTIONS, SHEET_OPTIONS } from './sheet-options.js';
import { LIVE_PRESET, STREAM_OPTIONS } from './stream-options.js';
import { MOST_TERMS, TERM_FIELDS, TERM_KINDS, type TermField, type TermKind } from './term-fields.js';
import { VIDEO_DREAM_OPTIONS, VIDEO_OPTIONS, VIDEO_STREAM_OPTIONS } from './video-options.js';
import { ZOOM_OPTIONS } from './zoom-options.js';

function defaultText(description: OptionDescription): string {
  if (description.otherwise !== undefined) return description.otherwise;
  return `\`${typeof description.default === 'bigint' ? Number(description.default) : JSON.stringify(description.default)}\``;
}

function table(options: OptionTable): string {
  const rows = Object.entries(options).map(
    ([name, description]) =>
      `| \`${name}\` | ${description.flag ? `\`${description.flag}\`` : ''} | ${allowed(description)} | ${defaultText(description)} | ${description.about} |`,
  );
  return ['| option | flag | allowed | default | |', '| --- | --- | --- | --- | --- |', ...rows].join('\n');
}

function termsTable(): string {
  const kinds: readonly (readonly [string, TermKind])[] = Object.entries(TERM_KINDS);
  const rows = kinds.map(([kind, { fields, needs = [], about }]) => {
    const others = fields
      .filter((field) => field !== kind)
      .map((each) => `\`${each}\`${needs.includes(each) ? '' : '?'}`);
    return `| \`${kind}\` | ${TERM_FIELDS[kind as TermField]} | ${others.join(', ')} | ${about} |`;
  });
  return ['| field | | with | what it is |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The text of docs/options.md, made from the tables that validate. */
export function optionsMarkdown(): string {
  return `# Options

Made from \`lib/options\` by \`npm run docs\`; a test checks that it is current.

## \`dreamer.dream(picture, options)\`

${table(DREAM_OPTIONS)}

A model or a filter may have better values for ${Object.keys(PRESET_OPTIONS)
    .map((name) => `\`${name}\``)
    .join(', ')}: they count where you give none.

What to dream of is one of: \`filter\` (a name of the model's catalogue), \`channel\` or \`channels\` with a \`layer\` (the mean of
one channel, or of several weighted ones), \`layer\` alone (the mean of its squares), or none of them (the model's default).
A channel is a number from 0, or the name that the model gives it (\`livedream layers --names\`, \`dreamer.channelNames(layer)\`);
a name needs no layer. Or it is \`objective\`, the sum of 1 to ${MOST_TERMS} terms, each of one of these kinds:

${termsTable()}

A term's \`weight\` is 1 if it is not said; a negative one avoids what the term is. Terms of a sum push as hard as their weights say,
whatever the scales of their layers: [steering.md](steering.md).

\`signal\` takes an AbortSignal, \`onProgress\` a function: what that throws, or its promise rejects with, cancels the dream, which
rejects with it. An earlier dream's \`parameters\`, also by way of JSON, may stand in the place of options: that dream is then
made again. \`onPreview\` is a function too, for the picture as it is in the middle of its dream, at most one every
\`previewInterval\` milliseconds (500), and never before a promise of the last has settled.

## \`dreamer.stream(frames, options)\`

What \`dream\` takes, but for \`page\`, \`onProgress\` and \`onPreview\`, for each frame, and of the stream:

${table(STREAM_OPTIONS)}

The preset 'live' is ${Object.entries(LIVE_PRESET)
    .map(([name, value]) => `\`${name}\` ${value}`)
    .join(', ')}, where you give no others.

## \`Dreamer.load(options)\`

${table(LOAD_OPTIONS)}

\`model\` is a catalogue name, the path or \`file:\` URL of a frozen \`.pb\`, of a model's folder or \`model.json\`, or an object
\`{ graph, input, preprocessing, defaultLayer, defaultOptions, filters, channelNames }\`.

## \`planSheet(dreamer, options)\`

${table(SHEET_OPTIONS)}

And options of a dream, which count above those of the model and its filters: ${Object.keys(SHEET_DREAM_OPTIONS)
    .map((name) => `\`${name}\``)
    .join(
      ', ',
    )}. \`over\` is the picture that is dreamed over, \`filters\` names those to draw, \`layer\` draws the channels of
a layer instead, \`channels\` only some of them; \`signal\` takes an AbortSignal. On the command line they are flags of
\`livedream models show NAME --sheet FILE\`.

## \`livedream video\`

${table(VIDEO_OPTIONS)}

And options of a stream and of a dream, which hold for all frames: ${Object.keys({
    ...VIDEO_STREAM_OPTIONS,
    ...VIDEO_DREAM_OPTIONS,
  })
    .map((name) => `\`${name}\``)
    .join(', ')}. What is kept of a film: [video.md](video.md).

## \`livedream zoom\`

${table(ZOOM_OPTIONS)}

And options of a dream, of which there are 3 octaves of 2 iterations where nothing else is asked for. Schedules: [video.md](video.md).

## \`livedream morph\`

${table(MORPH_OPTIONS)}

And options of a dream, as above.

## \`livedream serve\`, \`livedream/fastify\`

The plugin takes \`dreamer\`, or in its place \`farm\` (an open \`Farm\`), and these; the command has them as flags:

${table(SERVICE_OPTIONS)}

The command alone, which also takes what \`Dreamer.load\` does, or in its place the flags of [a farm](#livedream-farm-livedreamfarm):

${table(SERVE_OPTIONS)}

What they guard: [service.md](service.md).

## \`livedream farm\`, \`livedream/farm\`

Where a farm is, for all of its commands, \`Farm.open\` and \`workOnFarm\`:

${table(FARM_OPTIONS)}

What a job is put in with (\`job\` in code):

${table(JOB_OPTIONS)}

A film, too:

${table(FILM_JOB_OPTIONS)}

A worker (\`workOnFarm\`, \`livedream farm work\`):

${table(WORK_OPTIONS)}

What is cleaned away (\`farm.clean\`, \`livedream farm clean\`):

${table(CLEAN_OPTIONS)}

On the command line:

${table(CLEAN_COMMAND_OPTIONS)}

How it works: [farm.md](farm.md).

## \`bench(options)\`

Of these one value or an array of several; every combination is measured. \`size\` is \`{ width, height }\` in code.

${table(BENCH_AXES)}

And for the whole benchmark:

${table(BENCH_OPTIONS)}

\`model\` is as \`Dreamer.load\` takes it, \`filter\`, \`layer\`, \`channel\` and \`channels\` as a dream does, \`picture\` the picture; \`signal\`
takes an AbortSignal. On the command line they are flags of \`livedream bench\`, whose lists have commas between: [bench.md](bench.md).

## \`dream.toFile(file, options)\`, \`dream.toBuffer(format, options)\`

${table(FILE_OPTIONS)}

\`toBuffer\` takes its format as the first argument, PNG where there is none. On the command line both are flags of
\`livedream dream\`.
`;
}
