import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Dream } from '../dream.js';
import { Dreamer } from '../dreamer.js';
import { LiveDreamError } from '../errors.js';
import { sha256OfFile } from '../files/hash.js';

import { inJson } from '../json.js';
import { packageVersion } from '../version.js';
import { dreamAlone } from '../video/dream-frames.js';
import type { FramesInput } from '../video/find-frames.js';
import { openJob, type VideoJob, type VideoOutput } from '../video/job.js';
import { type FrameCount, runFrames } from '../video/run-frames.js';
import { FrameStore, type Manifest, makeStoreFolder, removeStore, unfinishedFilm } from '../video/store.js';
import { withStoreLock } from '../video/store-lock.js';
import { warn } from './batch.js';
import { fetchFirst } from './consent.js';
import { toJson } from './json.js';
import type { Progress } from './progress.js';
import { tell } from './report.js';
import type { AskedVideo, VideoFlags } from './video-flags.js';
import { FrameClock, framesShown } from './video-progress.js';

/** Where the dreams go, and what is read. */
export type VideoTarget = { readonly output: string; readonly inputs: readonly string[] } & (
  | { readonly kind: 'film' }
  | { readonly kind: 'pictures'; readonly nameOf: (place: number) => string }
);

export interface VideoRun {
  readonly asked: AskedVideo;
  readonly input: FramesInput;
  readonly target: VideoTarget;
  /** The folder where finished frames are kept. */
  readonly store: string;
  readonly flags: VideoFlags;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** What the dreamed frames hang on: where all of it is the same, they are. */
async function manifestOf({ asked, target, signal }: VideoRun, dreamer: Dreamer): Promise<Manifest> {
  const { video, dream, longestSide, load } = asked;
  const hashes: string[] = [];
  for (const file of target.inputs) hashes.push(await sha256OfFile(file, signal));
  const { start, duration } = video;
  return {
    livedream: packageVersion(),
    source: hashes,
    ...{ start, duration, size: longestSide, depth: target.kind },
    dream: inJson(dream),
    model: dreamer.modelSha256,
    ...{ device: dreamer.device, xla: dreamer.xla, loop: dreamer.loop, precision: load.precision },
  };
}

function outputOf(target: VideoTarget, store: string): VideoOutput {
  if (target.kind === 'pictures') return { kind: 'pictures', nameOf: target.nameOf };
  const temporary = unfinishedFilm(store, path.extname(target.output));
  return { kind: 'film', file: target.output, temporary };
}

interface Done extends FrameCount {
  readonly rate: number;
  readonly milliseconds: number;
  /** The first that was dreamed now. */
  readonly dream: Dream | undefined;
}

/** What came out otherwise than the source's header says. */
function lengthNotes({ source }: VideoJob, { frames }: FrameCount): string[] {
  const { expected, complaint } = source;
  const short = expected !== undefined && frames < expected - Math.max(1, expected / 50);
  return [
    ...(short ? [`the film ends after ${frames} frames, and its header promises ${expected}`] : []),
    ...(complaint === '' ? [] : [`ffmpeg complained of the film: ${complaint}`]),
  ];
}

async function dreamAll(run: VideoRun, job: VideoJob, dreamer: Dreamer): Promise<Done> {
  const { asked, progress, signal } = run;
  const began = performance.now();
  progress.phase('looking for finished frames');
  const store = await FrameStore.open(run.store, await manifestOf(run, dreamer), { resume: asked.video.resume });
  const clock = new FrameClock(job.source.expected);
  const show = framesShown(progress, clock);
  let first: Dream | undefined;
  try {
    const alone = dreamAlone(
      (picture, options) => dreamer.dream(picture, options),
      { ...asked.dream, signal },
      (dream) => {
        first ??= dream;
      },
    );
    clock.begin();
    progress.phase('building the programs');
    const count = await runFrames({ ...job, store, dreamer: alone, onFrames: show });
    return { ...count, rate: clock.rate, milliseconds: performance.now() - began, dream: first };
  } catch (error) {
    progress.stop();
    if (store.count > 0)
      tell(`livedream: ${store.count} finished frames are kept in '${run.store}'; --resume goes on with them`);
    throw error;
  } finally {
    await store.close();
  }
}

function report({ target, flags, progress, asked }: VideoRun, { size, plan, notes }: VideoJob, done: Done): void {
  const { output } = target;
  if (!flags.json) {
    progress.result(output);
    return;
  }
  const encoding = plan?.settings.encoding;
  const parameters = done.dream && inJson(done.dream.parameters);
  progress.result(
    toJson({
      file: output,
      ...{ frames: done.frames, dreamed: done.dreamed, framesPerSecond: done.rate, milliseconds: done.milliseconds },
      ...(encoding?.size ?? size),
      ...{ codec: encoding?.encoder, pixels: encoding?.pixels?.name, tracks: plan?.settings.accompaniment?.tracks },
      ...{ start: asked.video.start, duration: asked.video.duration, notes, parameters },
    }),
  );
}

/** An abort reaches the work by many ways, and ends it by one error. */
function aborted(error: unknown, signal: AbortSignal): unknown {
  if (!signal.aborted) return error;
  return new LiveDreamError('ERR_LIVEDREAM_ABORTED', 'The work was cancelled.', { cause: signal.reason });
}

async function dreamLocked(run: VideoRun): Promise<void> {
  const { asked, input, target, progress, flags, signal } = run;
  const { start, duration, codec, quality, rate } = asked.video;
  const request = { input, start, duration, longestSide: asked.longestSide, codec, quality, rate };
  progress.phase('opening the film');
  const job = await openJob({ request, output: outputOf(target, run.store), signal });
  for (const note of job.notes) warn(note, progress);
  await fetchFirst(asked.load.model, flags.yes, signal);
  progress.phase('loading the network');
  const dreamer = await Dreamer.load({ ...asked.load, signal });
  for (const warning of dreamer.warnings) warn(warning, progress);
  try {
    const done = await dreamAll(run, job, dreamer);
    for (const note of [...lengthNotes(job, done), ...(done.dream?.warnings ?? [])]) warn(note, progress);
    report(run, job, done);
  } finally {
    await dreamer.dispose();
  }
}

/** Dreams of a film, and leaves the frames that were finished where it does not come to an end. */
export async function dreamVideo(run: VideoRun): Promise<void> {
  const { store, signal, progress } = run;
  await makeStoreFolder(store);
  const onWait = (): void => progress.phase('waiting for another livedream that writes the same film');
  let keep = false;
  try {
    await withStoreLock(store, { signal, onWait }, () => dreamLocked(run));
  } catch (error) {
    keep = await FrameStore.holdsFrames(store);
    throw aborted(error, signal);
  } finally {
    if (!keep) await removeStore(store);
  }
}
