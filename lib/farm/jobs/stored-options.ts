import { LiveDreamError } from '../../errors.js';
import { isRawPicture } from '../../image/source.js';
import { inJson } from '../../json.js';
import type { DreamOptions } from '../../options/dream-options.js';
import { readDreamOptions } from '../../options/read-dream.js';
import type { PictureInput } from '../../picture-input.js';
import type { FarmStore } from '../store/store.js';
import { type JobPicture, loadPicture, type StoredPicture, storePicture } from './stored-picture.js';

type Fields = Readonly<Record<string, unknown>>;
/** What becomes of a mask's or guide's picture. */
type Change = (picture: unknown, field: string) => Promise<unknown>;

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isShape(mask: unknown): boolean {
  return isObject(mask) && ['picture', 'rectangle', 'ellipse', 'alpha', 'of'].some((name) => name in mask);
}

/** Pictures' facts, as parameters have them, are none to be changed. */
async function changedMask(mask: unknown, field: string, change: Change): Promise<unknown> {
  if (mask === undefined) return undefined;
  if (!isShape(mask)) return change(mask, field);
  const { picture } = mask as Fields;
  if (picture === undefined || (isObject(picture) && 'of' in picture)) return mask;
  return { ...(mask as Fields), picture: await change(picture, `${field}.picture`) };
}

async function changedTerm(term: unknown, field: string, change: Change): Promise<unknown> {
  if (!isObject(term)) return term;
  const { guide, mask, direction } = term;
  const keep = guide === undefined || (isObject(guide) && 'sha256' in guide);
  return {
    ...term,
    ...(keep ? {} : { guide: await change(guide, `${field}.guide`) }),
    ...(mask === undefined ? {} : { mask: await changedMask(mask, `${field}.mask`, change) }),
    ...(ArrayBuffer.isView(direction) ? { direction: Array.from(direction as unknown as ArrayLike<number>) } : {}),
  };
}

/** The options with something else for each picture of a mask or guide. */
async function changedPictures(options: Fields, change: Change): Promise<Fields> {
  const { objective, mask } = options;
  const terms: unknown = Array.isArray(objective)
    ? await Promise.all(objective.map((term, index) => changedTerm(term, `objective[${index}]`, change)))
    : objective;
  return {
    ...options,
    ...(objective === undefined ? {} : { objective: terms }),
    ...(mask === undefined ? {} : { mask: await changedMask(mask, 'mask', change) }),
  };
}

/**
 * The options as a job has them: plain JSON, with keys for pictures, which are put into the store. What watches and cancels is left
 * out. Rejects with what is wrong with them.
 */
export async function storeOptions(store: FarmStore, options: DreamOptions): Promise<Fields> {
  readDreamOptions(options);
  const { signal: _signal, onProgress: _progress, onPreview: _preview, previewInterval: _interval, ...given } = options;
  const stored = await changedPictures(given, (picture) => storePicture(store, picture as PictureInput));
  return JSON.parse(JSON.stringify(inJson(stored))) as Fields;
}

/**
 * A job's options as `dreamer.dream` takes them. Rejects with ERR_LIVEDREAM_FARM_JOB where one names a file, which would be one of
 * the worker's own.
 */
export async function loadOptions(store: FarmStore, options: Fields): Promise<DreamOptions> {
  const loaded = await changedPictures(options, (picture, field) => {
    if (isObject(picture) && typeof picture['stored'] === 'string')
      return loadPicture(store, picture as unknown as StoredPicture);
    if (isRawPicture(picture) || !isObject(picture))
      throw new LiveDreamError('ERR_LIVEDREAM_FARM_JOB', `The job's '${field}' is no picture of the farm's store.`);
    return loadPicture(store, picture as unknown as JobPicture);
  });
  const { signal, onProgress, onPreview } = loaded;
  if (signal !== undefined || onProgress !== undefined || onPreview !== undefined)
    throw new LiveDreamError('ERR_LIVEDREAM_FARM_JOB', 'The job has options that no job can have.');
  return loaded as DreamOptions;
}
