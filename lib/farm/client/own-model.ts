import { LiveDreamError } from '../../errors.js';
import { DEFAULT_MODEL, openModel } from '../../model/source.js';
import { packageVersion } from '../../version.js';
import type { Needs } from '../jobs/needs.js';

/** What a client may ask of a worker beside its own version. */
export type AskedNeeds = { readonly [N in Exclude<keyof Needs, 'livedream'>]?: Needs[N] };

const known = new Map<string, Promise<string | undefined>>();

/** Undefined of a model that only workers have. */
async function hashOf(model: string): Promise<string | undefined> {
  try {
    return (await openModel(model)).sha256;
  } catch (error) {
    if (error instanceof LiveDreamError && /MODEL_(UNKNOWN|NOT_FETCHED)$/.test(error.code)) return undefined;
    throw error;
  }
}

/** Asked for once, unless it failed. */
async function hashOnce(model: string): Promise<string | undefined> {
  const hash = known.get(model) ?? hashOf(model);
  known.set(model, hash);
  return hash.catch((error: unknown) => {
    known.delete(model);
    throw error;
  });
}

/** All that a job of this client needs: the model by its hash, where it is here too, and else by its name. */
export async function completeNeeds({ model = DEFAULT_MODEL, ...given }: AskedNeeds = {}): Promise<Needs> {
  const modelSha256 = given.modelSha256 ?? (await hashOnce(model));
  return { livedream: packageVersion(), model, ...given, ...(modelSha256 === undefined ? {} : { modelSha256 }) };
}
