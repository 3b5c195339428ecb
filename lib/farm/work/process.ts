import type { Job } from 'bullmq';
import * as v from 'valibot';
import { LiveDreamError } from '../../errors.js';
import { misfit, type Needs } from '../jobs/needs.js';
import { PICTURE_JOB, type PictureJob } from '../jobs/picture-job.js';
import { dreamPicture } from './picture.js';
import type { Work } from './work.js';

/** All that a farm's jobs may be. */
const JOB = v.variant('kind', [PICTURE_JOB]);
export type FarmJob = PictureJob;

/** Throws ERR_LIVEDREAM_FARM_JOB for what no client of this version puts in. */
export function readJob(data: unknown): FarmJob {
  const read = v.safeParse(JOB, data);
  if (read.success) return read.output as FarmJob;
  const [issue] = read.issues;
  const at = v.getDotPath(issue);
  throw new LiveDreamError(
    'ERR_LIVEDREAM_FARM_JOB',
    `The job is none that this worker knows: ${at ? `'${at}': ` : ''}${issue.message}.`,
  );
}

/** Does what a job says, and gives what BullMQ is to keep of it. */
export async function work(job: FarmJob, context: Work): Promise<object> {
  return dreamPicture(job, context);
}

/** Why this worker cannot do the job. */
export function refusal(job: Job<unknown>, facts: Needs): string | undefined {
  const { needs } = Object(job.data) as { readonly needs?: Needs };
  return typeof needs === 'object' && needs !== null ? misfit(needs, facts) : undefined;
}
