import { optionRangeError } from '../../errors.js';
import { FolderStore } from './folder-store.js';
import { S3Store, s3Place } from './s3-store.js';
import type { FarmStore } from './store.js';

/** Opens a store and finds out whether it can be used. Rejects with ERR_LIVEDREAM_FARM_STORE or _FARM_PACKAGE, or a RangeError. */
export async function openStore(place: string | undefined): Promise<FarmStore> {
  if (place === undefined || place === '')
    throw optionRangeError(
      'store',
      'given, here or by LIVEDREAM_STORE: a folder that all machines see, or s3://bucket/prefix',
      place,
    );
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(place)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== 's3')
    throw optionRangeError('store', 'a folder, or s3://bucket/prefix', place);
  const store = scheme === 's3' ? await S3Store.open(s3Place(place)) : new FolderStore(place);
  try {
    await store.check();
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}
