import { outputPath } from '../dream.js';
import type { Dreamer } from '../dreamer.js';
import { optionRangeError } from '../errors.js';
import { checkWritableFile, writeWhole } from '../image/write.js';
import type { LoadOptions } from '../load-options.js';
import type { DreamOptions } from '../options/dream-options.js';
import type { PictureInput } from '../picture-input.js';
import type { Profile } from '../profile/profile.js';
import { traceFile } from '../profile/trace-events.js';
import type { Progress } from './progress.js';
import { table } from './table.js';

const MOST_ROWS = 15;

/** The trace's file, found to be writable; undefined where none was asked for. Rejects with a RangeError where it cannot be had. */
export async function profilePath(
  given: string | undefined,
  pictures: readonly string[],
  { xla }: LoadOptions,
): Promise<string | undefined> {
  if (given === undefined) return undefined;
  if (given === '') throw optionRangeError('profile', 'the name of a file', given);
  if (pictures.length > 1) throw optionRangeError('profile', 'left out where several pictures are dreamed', given);
  if (xla === true)
    throw optionRangeError(
      'profile',
      'left out with XLA, whose programs have no operations that could be timed',
      given,
    );
  const file = outputPath(given);
  await checkWritableFile(file);
  return file;
}

function rounded(milliseconds: number): string {
  return milliseconds.toFixed(1);
}

function summary({ operations, steps, milliseconds }: Profile): string {
  const shown = operations.slice(0, MOST_ROWS);
  const rows = shown.map(({ operation, calls, milliseconds: time, share }) => [
    operation,
    calls,
    rounded(time),
    `${rounded(100 * share)} %`,
  ]);
  const rest = operations.length - shown.length;
  const head = `profile: ${steps} steps in ${rounded(milliseconds)} ms, by operation${rest > 0 ? `, without ${rest} that took less` : ''}`;
  return `${head}\n${table(['operation', 'calls', 'ms', 'share'], rows)}`;
}

/** Dreams once more for the trace; what took most is told on stderr. */
export async function writeProfile(
  dreamer: Dreamer,
  picture: PictureInput,
  options: DreamOptions,
  file: string,
  progress: Progress,
): Promise<void> {
  progress.phase('dreaming again for the profile');
  const profile = await dreamer.profile(picture, options);
  await writeWhole(file, Buffer.from(JSON.stringify(traceFile(profile))));
  progress.stop();
  process.stderr.write(`${summary(profile)}${file} opens with ui.perfetto.dev or chrome://tracing\n`);
}
