import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { VideoOutput } from '../../video/job.js';
import { numberedNames } from '../../video/pictures.js';
import type { SegmentRequest } from '../../video/segments/film-plan.js';
import { type JoinedFilm, joinSegments } from '../../video/segments/join-segments.js';
import { planSegments } from '../../video/segments/plan-segments.js';
import {
  checkInput,
  type FilmDone,
  type FilmJob,
  framesKey,
  type PlannedFilm,
  planKey,
  planOf,
  type SegmentDone,
  segmentJob,
  stateKey,
} from '../jobs/film-job.js';
import { misfit, needsOf } from '../jobs/needs.js';
import { idOf } from '../jobs/picture-job.js';
import { alreadyDone, doneKey } from '../jobs/results.js';
import { keyOf } from '../store/keys.js';
import { LocalFiles } from './local-files.js';
import { SegmentFailed } from './segment-failed.js';
import type { Work } from './work.js';

async function plan(job: FilmJob, work: Work): Promise<PlannedFilm> {
  const { id, store, signal, facts, progress } = work;
  checkInput(job);
  await using files = new LocalFiles(store, signal);
  const film = await planSegments({
    input: await files.input(job),
    request: job.request as SegmentRequest,
    most: job.segment,
    least: Math.min(8, job.segment),
    signal,
    onFrames: (looked, expected) => progress(0, { looked, ...(expected === undefined ? {} : { expected }) }),
  });
  const planned: PlannedFilm = { ...film, job, needs: needsOf(facts) };
  await store.put(planKey(id), Buffer.from(JSON.stringify(planned)));
  return planned;
}

/** The plan that was made, where there are workers yet that it can be done by; else another, of this one. */
async function planned(job: FilmJob, work: Work): Promise<PlannedFilm> {
  const there = await planOf(work.store, work.id);
  if (there && (misfit(there.needs, work.facts) === undefined || (await work.hasWorker(there.needs)))) return there;
  return plan(job, work);
}

/** What came of each segment, in their order; undefined of one that is yet to be dreamed. */
async function segmentsDone(film: PlannedFilm, work: Work): Promise<(SegmentDone | undefined)[]> {
  const { store, id } = work;
  const found: (SegmentDone | undefined)[] = [];
  for (const segment of film.segments)
    found.push(await alreadyDone<SegmentDone>({ store, id: idOf(segmentJob(id, film, segment)) }));
  return found;
}

/** Puts in the first of each scene that is yet to be dreamed, from which the others follow. */
async function putMissing(film: PlannedFilm, done: readonly (SegmentDone | undefined)[], work: Work): Promise<number> {
  let missing = 0;
  for (const segment of film.segments) {
    const { index, begins } = segment;
    if (done[index]) continue;
    missing += 1;
    // One that goes on from what is not dreamed yet is put in when that is.
    if (begins === 'carried' && !done[index - 1]) continue;
    await work.flow.put('segment', segmentJob(work.id, film, segment), work.id);
  }
  return missing;
}

function outputIn(
  folder: string,
  { output }: FilmJob['request'],
): { output: VideoOutput; nameOf: (place: number) => string } {
  const film = path.join(folder, `film${output.extension}`);
  if (output.kind === 'film')
    return {
      output: { kind: 'film', file: film, temporary: path.join(folder, `unfinished${output.extension}`) },
      nameOf: () => film,
    };
  const named = numberedNames(folder);
  const nameOf = (place: number): string => named(place).replace(/\.\w+$/, output.extension);
  return { output: { kind: 'pictures', nameOf }, nameOf };
}

async function join(film: PlannedFilm, done: readonly SegmentDone[], work: Work): Promise<FilmDone> {
  const { id, store, signal, progress } = work;
  const { job, manifest } = film;
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-join-'));
  await using files = new LocalFiles(store, signal);
  try {
    const { output, nameOf } = outputIn(folder, job.request);
    async function* frameFiles(): AsyncGenerator<string> {
      for (const segment of film.segments) {
        await using each = new LocalFiles(store, signal);
        yield await each.get(framesKey(idOf(segmentJob(id, film, segment))));
      }
    }
    const joined = await joinSegments({
      ...{ film, output, signal, files: frameFiles() },
      input: job.input.kind === 'film' ? await files.input(job) : undefined,
      onFrames: (written) => progress(written / manifest.frames, { written }),
    });
    const results: string[] = [];
    for (let place = 0; place < (output.kind === 'film' ? 1 : joined.frames); place += 1) {
      const name =
        output.kind === 'film' ? `${id}${job.request.output.extension}` : `${id}.${path.basename(nameOf(place))}`;
      results.push(keyOf('results', name));
      await store.putFile(results[place] as string, nameOf(place), signal);
    }
    return filmDone(film, joined, done, results);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function filmDone(
  film: PlannedFilm,
  { frames, size, plan, notes }: JoinedFilm,
  done: readonly SegmentDone[],
  results: readonly string[],
): FilmDone {
  const encoding = plan?.settings.encoding;
  const { width, height } = encoding?.size ?? size;
  return {
    ...{ results, frames, segments: film.segments.length, width, height, notes },
    codec: encoding?.encoder,
    pixels: encoding?.pixels?.name,
    tracks: plan?.settings.accompaniment?.tracks,
    warnings: done[0]?.warnings ?? [],
    parameters: done[0]?.parameters ?? {},
    machines: [...new Set(done.map(({ machine }) => machine))],
  };
}

/** What only the joining needed: several times as large as the film. */
async function forget(film: PlannedFilm, { id, store }: Work): Promise<void> {
  for (const segment of film.segments) {
    const name = idOf(segmentJob(id, film, segment));
    for (const key of [doneKey(name), framesKey(name), stateKey(name)]) await store.remove(key).catch(() => undefined);
  }
  await store.remove(planKey(id)).catch(() => undefined);
}

/**
 * Brings a film as far as it can be brought now: plans it, puts in what is yet to be dreamed and waits for that, joins it. It may be begun
 * anew at any point, by any worker.
 */
export async function makeFilm(job: FilmJob, work: Work): Promise<FilmDone> {
  const { flow, store, id } = work;
  const there = await alreadyDone<FilmDone>(work);
  if (there) return there;
  const failure = await flow.failure();
  if (failure !== undefined) {
    await flow.takeBack();
    throw new SegmentFailed(failure);
  }
  const film = await planned(job, work);
  for (;;) {
    const done = await segmentsDone(film, work);
    if ((await putMissing(film, done, work)) === 0) {
      const made = await join(film, done as SegmentDone[], work);
      await store.put(doneKey(id), Buffer.from(JSON.stringify(made)));
      await forget(film, work);
      return made;
    }
    await flow.wait();
  }
}
