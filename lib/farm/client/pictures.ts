import { LiveDreamError, optionRangeError } from '../../errors.js';
import { checkFunction, readSignal } from '../../options/control.js';
import type { FileOptions } from '../../options/encode-options.js';
import { JOB_OPTIONS, type JobOptions } from '../../options/farm-options.js';
import { readOptions } from '../../options/read.js';
import type { PictureInput } from '../../picture-input.js';
import { jobCancelled } from '../jobs/failure.js';
import type { Needs } from '../jobs/needs.js';
import { encodingOfJob, type PictureJob } from '../jobs/picture-job.js';
import type { PictureDone } from '../jobs/results.js';
import { storeOptions } from '../jobs/stored-options.js';
import { sha256Of, storePicture } from '../jobs/stored-picture.js';
import { lacks } from '../store/failed.js';
import type { FarmDream, WatchedOptions } from './asked.js';
import type { FarmConnection } from './farm-connection.js';

/** Milliseconds between previews where it is not said. */
const PREVIEW_INTERVAL = 500;

export interface PictureRequest {
  readonly options: WatchedOptions;
  readonly file: FileOptions;
  readonly job: JobOptions;
  readonly needs: Needs;
}

/** That a result is not there, or is another than its worker made. */
class LostResult extends LiveDreamError {}

function isLost(error: unknown): boolean {
  return error instanceof LostResult;
}

/** Rejects with ERR_LIVEDREAM_FARM_STORE where it is not there, _CHECKSUM where it is another than what the worker made. */
async function fetched({ store }: FarmConnection, done: PictureDone): Promise<FarmDream> {
  const picture = await store.get(done.result);
  if (picture === undefined) throw new LostResult('ERR_LIVEDREAM_FARM_STORE', lacks(store, done.result));
  if (sha256Of(picture) !== done.sha256)
    throw new LostResult('ERR_LIVEDREAM_CHECKSUM', `'${done.result}' in the farm's store is not what its worker made.`);
  return { ...done, picture };
}

/** Has one picture dreamed. */
export async function dreamOnFarm(
  farm: FarmConnection,
  input: PictureInput,
  request: PictureRequest,
): Promise<FarmDream> {
  const { options, file, job, needs } = request;
  const { onProgress, onPreview, onJpegPreview, previewInterval = PREVIEW_INTERVAL, ...dream } = options;
  const signal = readSignal(options.signal);
  checkFunction('onProgress', onProgress);
  checkFunction('onJpegPreview', onJpegPreview);
  if (onPreview !== undefined)
    throw optionRangeError('onPreview', "left out on a farm, which has 'onJpegPreview' in its place", onPreview);
  const encoding = encodingOfJob(file);
  const jobOptions = readOptions(JOB_OPTIONS, job);
  if (signal?.aborted) throw jobCancelled(signal);
  const data: PictureJob = {
    kind: 'picture',
    needs,
    picture: await storePicture(farm.store, input),
    options: await storeOptions(farm.store, dream),
    encoding,
    ...(onJpegPreview === undefined ? {} : { previews: previewInterval }),
  };
  const result = (): Promise<PictureDone> =>
    farm.result<PictureDone>({
      name: 'picture',
      data: { ...data },
      options: jobOptions,
      signal,
      onProgress: onProgress as ((told: object) => void) | undefined,
      onPreview: onJpegPreview,
    });
  try {
    return await fetched(farm, await result());
  } catch (error) {
    if (!isLost(error)) throw error;
    // What was cleaned away or damaged in the store is dreamed once more.
    await farm.forget(data);
    return fetched(farm, await result());
  }
}
