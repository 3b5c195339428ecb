import type { Farm } from '../farm/index.js';
import { packageVersion } from '../version.js';
import { warn } from './batch.js';
import type { Progress } from './progress.js';

/** Says where nobody is there who could do what is put in. */
export async function tellWorkers(farm: Farm, progress: Progress): Promise<void> {
  const workers = await farm.workers();
  const version = packageVersion();
  const versions = [...new Set(workers.map(({ livedream }) => livedream))];
  if (workers.length === 0)
    warn('no worker is there yet: jobs wait until `livedream farm work` is started somewhere', progress);
  else if (!versions.includes(version))
    warn(
      `this is livedream ${version}, and the farm's workers have ${versions.join(', ')}: they refuse its jobs`,
      progress,
    );
}
