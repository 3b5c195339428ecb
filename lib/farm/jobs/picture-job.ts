import * as v from 'valibot';
import { DEFAULT_FORMAT, PICTURE_FORMATS } from '../../formats.js';
import { FILE_OPTIONS, type FileOptions, type ResolvedFileOptions } from '../../options/encode-options.js';
import { readOptions } from '../../options/read.js';
import { NEEDS } from './needs.js';
import { JOB_PICTURE, type JobPicture, sha256Of } from './stored-picture.js';

/** How a dream is to be encoded. */
export const ENCODING = v.strictObject({
  format: v.picklist(PICTURE_FORMATS),
  quality: v.pipe(v.number(), v.integer()),
  parameters: v.boolean(),
});
export type JobEncoding = v.InferOutput<typeof ENCODING>;

/** A picture to be dreamed. */
export const PICTURE_JOB = v.strictObject({
  kind: v.literal('picture'),
  needs: NEEDS,
  picture: JOB_PICTURE,
  options: v.record(v.string(), v.unknown()),
  encoding: ENCODING,
  /** Milliseconds between its previews; left out where nobody looks. */
  previews: v.optional(v.pipe(v.number(), v.minValue(20))),
});
export type PictureJob = Omit<v.InferOutput<typeof PICTURE_JOB>, 'picture'> & { readonly picture: JobPicture };

/** Throws TypeError or RangeError with a code. */
export function encodingOfJob(file: FileOptions): JobEncoding {
  const { format = DEFAULT_FORMAT, quality, parameters } = readOptions(FILE_OPTIONS, file) as ResolvedFileOptions;
  return { format, quality, parameters };
}

/** JSON of which equal values have equal texts. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}

/** A job's name: equal jobs are one, and what comes of it lies under that name. */
export function idOf(data: object): string {
  const { previews: _nobodys, ...job } = data as { readonly previews?: number };
  return sha256Of(Buffer.from(canonical(job)));
}
