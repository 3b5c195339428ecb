import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LiveDreamError } from '../../errors.js';
import { dreamSegment } from '../../video/segments/dream-segment.js';
import type { Segment } from '../../video/segments/film-plan.js';
import {
  framesKey,
  type PlannedFilm,
  planOf,
  type SegmentDone,
  type SegmentJob,
  segmentJob,
  stateKey,
} from '../jobs/film-job.js';
import { idOf } from '../jobs/picture-job.js';
import { alreadyDone, doneKey } from '../jobs/results.js';
import { loadOptions } from '../jobs/stored-options.js';
import { notStored } from '../store/failed.js';
import { LocalFiles } from './local-files.js';
import type { Work } from './work.js';

/** What the segment before left, where this one goes on from it. */
async function checkpointOf(
  work: Work,
  film: string,
  plan: PlannedFilm,
  segment: Segment,
): Promise<Buffer | undefined> {
  if (segment.begins === 'anew') return undefined;
  const before = plan.segments[segment.index - 1] as Segment;
  const key = stateKey(idOf(segmentJob(film, plan, before)));
  const state = await work.store.get(key);
  if (state) return state;
  throw notStored(work.store, key);
}

async function dream(job: SegmentJob, plan: PlannedFilm, segment: Segment, work: Work): Promise<SegmentDone> {
  const { id, dreamer, store, signal, facts, progress } = work;
  const { manifest } = plan;
  const { film, index } = job;
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-segment-'));
  await using files = new LocalFiles(store, signal);
  try {
    const file = path.join(folder, 'frames');
    const done = await dreamSegment({
      ...{ manifest, segment, dreamer, file, signal },
      input: await files.input(plan.job, segment.first, segment.count),
      checkpoint: await checkpointOf(work, film, plan, segment),
      dream: await loadOptions(store, manifest.request.dream),
      onFrame: (frames) => progress(frames / segment.count, { index, frames }),
    });
    await store.putFile(framesKey(id), file, signal);
    if (done.checkpoint) await store.put(stateKey(id), done.checkpoint);
    const { warnings, parameters, frames } = done;
    return { film, index, frames, worker: facts.id, machine: facts.machine, warnings, parameters };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Dreams a segment, keeps its frames, and puts in the one that goes on from it. */
export async function dreamSegmentJob(job: SegmentJob, work: Work): Promise<SegmentDone> {
  const { film, index } = job;
  const plan = await planOf(work.store, film);
  const segment = plan?.segments[index];
  if (plan === undefined || segment === undefined)
    throw new LiveDreamError('ERR_LIVEDREAM_FARM_STORE', `The plan of the film ${film} has no segment ${index}.`);
  let done = await alreadyDone<SegmentDone>(work);
  if (done === undefined) {
    done = await dream(job, plan, segment, work);
    await work.store.put(doneKey(work.id), Buffer.from(JSON.stringify(done)));
  }
  // Before this one is over: the film never waits for nothing.
  const next = plan.segments[index + 1];
  if (next && segment.leaves) await work.flow.put('segment', segmentJob(film, plan, next), film);
  return done;
}
