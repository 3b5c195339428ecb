// What the system and V8 tell of this process: memory, open files, threads, what keeps the event loop alive.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc');
const MIB = 2 ** 20;

const mebibytes = (bytes) => Math.round((10 * bytes) / MIB) / 10;

/** How often each is there. */
function counted(list) {
  const counts = {};
  for (const name of list) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

/** Undefined where the system has no /proc. */
function fromProc(read) {
  try {
    return read();
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Of each open file what it is: a path without what tells one pipe or socket from the next. */
const files = () =>
  fromProc(() =>
    readdirSync('/proc/self/fd').flatMap((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).replace(/:\[\d+\]$/, '');
      } catch {
        // The folder's own, which is closed by now.
        return [];
      }
    }),
  );

const threads = () =>
  fromProc(() =>
    readdirSync('/proc/self/task').flatMap((task) => {
      try {
        return readFileSync(`/proc/self/task/${task}/comm`, 'utf8').trim();
      } catch {
        return [];
      }
    }),
  );

/** What is held, by kinds. */
export function held() {
  const kinds = { files: files(), threads: threads(), resources: process.getActiveResourcesInfo() };
  return Object.fromEntries(Object.entries(kinds).flatMap(([kind, list]) => (list ? [[kind, counted(list)]] : [])));
}

/** Kinds of which there are more than before, with how many more. */
export function more(before, after) {
  return Object.keys(after).flatMap((kind) =>
    Object.entries(after[kind]).flatMap(([name, count]) => {
      const extra = count - (before[kind]?.[name] ?? 0);
      return extra > 0 ? [`${kind}: ${extra} x ${name}`] : [];
    }),
  );
}

export function memory() {
  const { rss, heapTotal, heapUsed, external, arrayBuffers } = process.memoryUsage();
  const mapped = fromProc(() => readFileSync('/proc/self/maps', 'utf8').split('\n').length - 1);
  const bytes = { rss, heapTotal, heapUsed, external, arrayBuffers };
  return { ...Object.fromEntries(Object.entries(bytes).map(([name, of]) => [name, mebibytes(of)])), mapped };
}

const sum = (counts) => Object.values(counts ?? {}).reduce((total, count) => total + count, 0);

/** A line of the log. */
export function sample() {
  const { files: open, threads: running, resources } = held();
  return { ...memory(), files: sum(open), threads: sum(running), resources };
}

/** Collects garbage until nothing more is freed by finalizers, which run a turn of the event loop later. */
export async function collectGarbage() {
  for (let round = 0; round < 4; round += 1) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** What the process has had in memory at most, in MiB. */
export const peak = () => mebibytes(process.resourceUsage().maxRSS * 1024);
