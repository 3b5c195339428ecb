import os from 'node:os';

/** Milliseconds of processor time since the start: all programs', and this one's. */
interface Used {
  readonly busy: number;
  readonly idle: number;
  readonly own: number;
}

function used(more: number): Used {
  const times = os.cpus().map(({ times: each }) => each);
  const sum = (of: (each: os.CpuInfo['times']) => number): number => times.reduce((total, each) => total + of(each), 0);
  const { user, system } = process.cpuUsage();
  return {
    busy: sum((each) => each.user + each.nice + each.sys + each.irq),
    idle: sum((each) => each.idle),
    own: (user + system) / 1000 + more,
  };
}

/**
 * From now on: which part of the processors other programs take, 0..1; undefined where the system does not tell.
 * @param more milliseconds that this one took in processes of its own
 */
export function watchOthers(more: () => number): () => number | undefined {
  const start = used(more());
  return () => {
    const now = used(more());
    const busy = now.busy - start.busy;
    const all = busy + now.idle - start.idle;
    if (all <= 0) return undefined;
    return Math.max(0, (busy - (now.own - start.own)) / all);
  };
}
