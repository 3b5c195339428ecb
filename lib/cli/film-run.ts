import { performance } from 'node:perf_hooks';
import type { Dream } from '../dream.js';
import { Dreamer } from '../dreamer.js';
import { inJson } from '../json.js';
import type { LoadOptions } from '../load-options.js';
import { aborted } from '../video/aborted.js';
import type { FrameDreamer } from '../video/dream-frames.js';
import type { VideoJob } from '../video/job.js';
import { lengthNotes } from '../video/length-notes.js';
import { type FrameCount, runFrames } from '../video/run-frames.js';
import { FrameStore, type Manifest, makeStoreFolder, removeStore } from '../video/store.js';
import { withStoreLock } from '../video/store-lock.js';
import { warn } from './batch.js';
import { fetchFirst } from './consent.js';
import { toJson } from './json.js';
import type { Progress } from './progress.js';
import { tell } from './report.js';
import { FrameClock, framesShown } from './video-progress.js';

/** Any of the films that are made: of a film, of pictures, or of one picture. */
export interface FilmRun {
  /** The film, or the folder of its frames. */
  readonly output: string;
  /** The folder where finished frames are kept. */
  readonly store: string;
  readonly load: LoadOptions;
  readonly resume: boolean;
  readonly json: boolean;
  /** Whether the network may be downloaded without asking. */
  readonly yes: boolean | undefined;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Whether a frame hangs on the one before. */
  readonly coherent: boolean;
  /** What JSON tells beside. */
  readonly facts: object;
  readonly open: () => Promise<VideoJob>;
  /** Whether all that is to be dreamed can be, before any of it is. */
  readonly check?: (dreamer: Dreamer) => Promise<void>;
  /** What the dreamed frames hang on: where all of it is the same, they are. */
  readonly manifest: (dreamer: Dreamer) => Promise<Manifest>;
  readonly frames: (dreamer: Dreamer, onDream: (dream: Dream) => void) => FrameDreamer;
}

/** Of a network on a device: part of every manifest. */
export function manifestOfNetwork(dreamer: Dreamer, { precision }: LoadOptions): Manifest {
  const { modelSha256: model, device, xla, loop } = dreamer;
  return { model, device, xla, loop, precision };
}

interface Done extends FrameCount {
  readonly rate: number;
  readonly milliseconds: number;
  /** The first that was dreamed now. */
  readonly dream: Dream | undefined;
}

async function dreamAll(run: FilmRun, job: VideoJob, dreamer: Dreamer): Promise<Done> {
  const { progress, resume, coherent } = run;
  const began = performance.now();
  progress.phase('looking for finished frames');
  const store = await FrameStore.open(run.store, await run.manifest(dreamer), { resume, coherent });
  const clock = new FrameClock(job.source.expected);
  const show = framesShown(progress, clock);
  let first: Dream | undefined;
  const frames = run.frames(dreamer, (dream) => {
    first ??= dream;
  });
  try {
    clock.begin();
    progress.phase('building the programs');
    const count = await runFrames({ ...job, store, dreamer: frames, onFrames: show });
    return { ...count, rate: clock.rate, milliseconds: performance.now() - began, dream: first };
  } catch (error) {
    progress.stop();
    await store.keepState();
    if (store.count > 0)
      tell(`livedream: ${store.count} finished frames are kept in '${run.store}'; --resume goes on with them`);
    throw error;
  } finally {
    await store.close();
  }
}

function report(run: FilmRun, { size, plan, notes }: VideoJob, done: Done): void {
  const { output, json, progress } = run;
  if (!json) {
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
      ...run.facts,
      ...{ notes, parameters },
    }),
  );
}

async function dreamLocked(run: FilmRun): Promise<void> {
  const { load, progress, yes, signal } = run;
  progress.phase('opening the film');
  const job = await run.open();
  for (const note of job.notes) warn(note, progress);
  await fetchFirst(load.model, yes, signal);
  progress.phase('loading the network');
  const dreamer = await Dreamer.load({ ...load, signal });
  for (const warning of dreamer.warnings) warn(warning, progress);
  try {
    await run.check?.(dreamer);
    const done = await dreamAll(run, job, dreamer);
    for (const note of [...lengthNotes(job.source, done.frames), ...(done.dream?.warnings ?? [])]) warn(note, progress);
    report(run, job, done);
  } finally {
    await dreamer.dispose();
  }
}

/** Does the work in the folder of the store, alone; the folder of another run that was waited for goes with that. */
async function inStore(run: FilmRun, work: () => Promise<void>): Promise<void> {
  const { store, signal, progress } = run;
  const onWait = (): void => progress.phase('waiting for another livedream that writes the same film');
  let begun = false;
  while (!begun) {
    await makeStoreFolder(store);
    try {
      await withStoreLock(store, { signal, onWait }, () => {
        begun = true;
        return work();
      });
    } catch (error) {
      if (begun || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** Makes a film, and leaves the frames that were finished where it does not come to an end. */
export async function makeFilm(run: FilmRun): Promise<void> {
  const { store, signal } = run;
  let keep = false;
  try {
    await inStore(run, () => dreamLocked(run));
  } catch (error) {
    keep = await FrameStore.holdsFrames(store);
    throw aborted(error, signal);
  } finally {
    if (!keep) await removeStore(store);
  }
}
