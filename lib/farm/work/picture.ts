import type { Dream } from '../../dream.js';
import { LiveDreamError } from '../../errors.js';
import { type Encoding, encodingOf } from '../../formats.js';
import { checkReadable } from '../../image/decode.js';
import { checkFits } from '../../image/encode.js';
import { fitted } from '../../image/open.js';
import { previewJpeg } from '../../image/preview-jpeg.js';
import type { DreamOptions } from '../../options/dream-options.js';
import type { RawPicture, StartInput } from '../../picture-input.js';
import type { Size } from '../../size.js';
import type { PictureJob } from '../jobs/picture-job.js';
import { alreadyDone, doneKey, type PictureDone, pictureKey } from '../jobs/results.js';
import { loadOptions } from '../jobs/stored-options.js';
import { loadPicture, sha256Of } from '../jobs/stored-picture.js';
import type { Work } from './work.js';

async function checkSize(picture: Buffer | RawPicture | StartInput, job: PictureJob, work: Work): Promise<void> {
  const { page, size } = job.options as Pick<DreamOptions, 'page' | 'size'>;
  const own: Size = Buffer.isBuffer(picture) ? await checkReadable(picture, { page, size: undefined }) : picture;
  const dreamed = fitted(own, size);
  for (const { width, height } of [own, dreamed])
    if (width * height > work.pixelLimit)
      throw new LiveDreamError(
        'ERR_LIVEDREAM_IMAGE_TOO_LARGE',
        `The picture or its dream has ${width} x ${height} pixels, and the farm's workers take at most ${work.pixelLimit}.`,
        { repair: 'Send a smaller one, dream with a smaller `size`, or start workers with a larger `--pixel-limit`.' },
      );
  checkFits(dreamed, encodingOf(job.encoding.format) as Encoding, 'The dream');
}

async function keep(dream: Dream, { encoding }: PictureJob, { id, store, facts }: Work): Promise<PictureDone> {
  const { format, ...options } = encoding;
  const bytes = await dream.toBuffer(format, options);
  const result = pictureKey(id, encoding);
  await store.put(result, bytes);
  const { id: worker, machine } = facts;
  const done = { result, bytes: bytes.length, sha256: sha256Of(bytes), dream: dream.toJSON(), worker, machine };
  await store.put(doneKey(id), Buffer.from(JSON.stringify(done)));
  return done;
}

type Watching = Pick<DreamOptions, 'onProgress' | 'onPreview' | 'previewInterval'>;

/** Tells of the dream while it is made. */
function watching({ previews }: PictureJob, { progress, preview }: Work): Watching {
  const onProgress: DreamOptions['onProgress'] = ({ fraction, octave, octaves, iteration, iterations }) =>
    progress(fraction, { octave, octaves, iteration, iterations });
  if (previews === undefined) return { onProgress };
  const onPreview: DreamOptions['onPreview'] = async ({ data, width, height, channels: _rgb, ...place }) =>
    preview({ ...place, jpeg: await previewJpeg({ data, width, height }) });
  return { onProgress, onPreview, previewInterval: previews };
}

/** Dreams a job's picture and keeps it in the store. */
export async function dreamPicture(job: PictureJob, work: Work): Promise<PictureDone> {
  const done = await alreadyDone<PictureDone>(work);
  if (done) return done;
  const { dreamer, store, signal } = work;
  const [picture, options] = await Promise.all([loadPicture(store, job.picture), loadOptions(store, job.options)]);
  await checkSize(picture, job, work);
  return keep(await dreamer.dream(picture, { ...options, signal, ...watching(job, work) }), job, work);
}
