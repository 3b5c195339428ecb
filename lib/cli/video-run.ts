import path from 'node:path';
import { sha256OfFile } from '../files/hash.js';
import { inJson } from '../json.js';
import { packageVersion } from '../version.js';
import { dreamAlone, dreamCoherent } from '../video/dream-frames.js';
import type { FramesInput } from '../video/find-frames.js';
import { openJob, type VideoOutput } from '../video/job.js';
import { storeFolder, unfinishedFilm } from '../video/store.js';
import { makeFilm, manifestOfNetwork } from './film-run.js';
import type { Progress } from './progress.js';
import type { AskedVideo, VideoFlags } from './video-flags.js';
import type { VideoTarget } from './video-target.js';

export interface VideoRun {
  readonly asked: AskedVideo;
  readonly input: FramesInput;
  readonly target: VideoTarget;
  readonly flags: VideoFlags;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/** SHA-256 of each. */
export async function hashesOf(files: readonly string[], signal: AbortSignal): Promise<string[]> {
  const hashes: string[] = [];
  for (const file of files) hashes.push(await sha256OfFile(file, signal));
  return hashes;
}

function outputOf(target: VideoTarget, store: string): VideoOutput {
  if (target.kind === 'pictures') return { kind: 'pictures', nameOf: target.nameOf };
  return { kind: 'film', file: target.output, temporary: unfinishedFilm(store, path.extname(target.output)) };
}

/** Dreams of a film, or of pictures. */
export async function dreamVideo({ asked, input, target, flags, signal, progress }: VideoRun): Promise<void> {
  const { video, stream, dream, longestSide, load } = asked;
  const { start, duration, codec, quality, rate, resume } = video;
  const store = storeFolder(target.output);
  const request = { input, start, duration, longestSide, codec, quality, rate };
  await makeFilm({
    ...{ output: target.output, store, load, resume, json: flags.json === true, yes: flags.yes, signal, progress },
    coherent: stream.coherence !== false,
    facts: { start, duration },
    open: () => openJob({ request, output: outputOf(target, store), signal }),
    manifest: async (dreamer) => ({
      livedream: packageVersion(),
      source: await hashesOf(target.inputs, signal),
      ...{ start, duration, size: longestSide, to: target.kind },
      ...{ stream, dream: inJson(dream) },
      ...manifestOfNetwork(dreamer, load),
    }),
    frames: (dreamer, onDream) =>
      stream.coherence === false
        ? dreamAlone((picture, options) => dreamer.dream(picture, options), { ...dream, signal }, onDream)
        : dreamCoherent((frames, from) => dreamer.stream(frames, { ...dream, ...stream, from, signal }), onDream),
  });
}
