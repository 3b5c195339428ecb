import type { Job } from 'bullmq';
import * as v from 'valibot';
import { LiveDreamError } from '../../errors.js';
import { FILM_JOB, type FilmJob, SEGMENT_JOB, type SegmentJob } from '../jobs/film-job.js';
import { misfit, type Needs } from '../jobs/needs.js';
import { idOf, PICTURE_JOB, type PictureJob } from '../jobs/picture-job.js';
import { makeFilm } from './film.js';
import { dreamPicture } from './picture.js';
import { dreamSegmentJob } from './segment.js';
import type { Work } from './work.js';

/** All that a farm's jobs may be. */
const JOB = v.variant('kind', [PICTURE_JOB, FILM_JOB, SEGMENT_JOB]);
export type FarmJob = PictureJob | FilmJob | SegmentJob;

/**
 * Throws ERR_LIVEDREAM_FARM_JOB for what no client of this version puts in, and for what has another job's name, under which its result
 * would be kept.
 */
export function readJob(id: string, data: unknown): FarmJob {
  const read = v.safeParse(JOB, data);
  if (read.success) {
    const job = read.output as FarmJob;
    if (idOf(job) === id) return job;
    throw new LiveDreamError('ERR_LIVEDREAM_FARM_JOB', `The job ${id.slice(0, 80)} is not what its name says.`);
  }
  const [issue] = read.issues;
  const at = v.getDotPath(issue);
  throw new LiveDreamError(
    'ERR_LIVEDREAM_FARM_JOB',
    `The job is none that this worker knows: ${at ? `'${at}': ` : ''}${issue.message}.`,
  );
}

/** Does what a job says, and gives what BullMQ is to keep of it. */
export async function work(job: FarmJob, context: Work): Promise<object> {
  switch (job.kind) {
    case 'picture':
      return dreamPicture(job, context);
    case 'film':
      return makeFilm(job, context);
    case 'segment':
      return dreamSegmentJob(job, context);
  }
}

/** Why this worker cannot do the job. */
export function refusal(job: Job<unknown>, facts: Needs): string | undefined {
  const { needs } = Object(job.data) as { readonly needs?: Needs };
  return typeof needs === 'object' && needs !== null ? misfit(needs, facts) : undefined;
}
