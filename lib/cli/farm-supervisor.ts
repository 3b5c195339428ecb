import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { interruptSignal, tell } from './report.js';

/** Milliseconds before one that died is started again: more, the sooner it died. */
const PAUSE = { first: 500, most: 30_000 } as const;
/** After how many milliseconds of life its death counts as the first. */
const LIVED = 60_000;

/** Where each listens for live clients: two cannot at one port. */
function livePlace(given: string, index: number): string {
  const [, host = '', port = ''] = /^(.*?)(\d+)$/.exec(given) ?? [];
  return port === '' || Number(port) === 0 ? given : `${host}${Number(port) + index}`;
}

/** The flags of this process with others in the place of these. */
function argumentsFor(device: string, index: number): string[] {
  const kept: string[] = [];
  // As `--flag value` and `--flag=value` alike.
  const given = process.argv.slice(2).flatMap((each) => /^(--[\w-]+)=(.*)$/s.exec(each)?.slice(1) ?? [each]);
  for (let at = 0; at < given.length; at += 1) {
    const flag = given[at] as string;
    if (flag === '--workers' || flag === '--device') at += 1;
    else if (flag === '--live' && at + 1 < given.length) {
      at += 1;
      kept.push(flag, livePlace(given[at] as string, index));
    } else kept.push(flag);
  }
  return [...kept, '--workers', '1', '--device', device];
}

/** Keeps one process alive until the signal; what it says goes where this one's goes. */
async function supervise(device: string, index: number, signal: AbortSignal): Promise<void> {
  let pause: number = PAUSE.first;
  let worked = false;
  while (!signal.aborted) {
    const began = performance.now();
    const child: ChildProcess = fork(process.argv[1] as string, argumentsFor(device, index), { stdio: 'inherit' });
    child.once('message', () => {
      worked = true;
    });
    const stop = (): void => void child.kill('SIGTERM');
    signal.addEventListener('abort', stop, { once: true });
    const [code, killed] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    signal.removeEventListener('abort', stop);
    if (signal.aborted) return;
    // What is wrong with its flags, its queue or its store is so for all of them; what worked once may do so again.
    if (code !== null && !worked) {
      process.exitCode = code;
      throw new Error(`worker ${index + 1} could not work, and ended with ${code}`);
    }
    if (performance.now() - began > LIVED) pause = PAUSE.first;
    tell(
      `livedream: worker ${index + 1} ${killed === null ? `ended with ${code}` : `died of ${killed}`}; it is started again in ${pause / 1000} s`,
    );
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    pause = Math.min(pause * 2, PAUSE.most);
  }
}

/** Starts a worker for each of the devices, and starts those again that die, until Ctrl-C or SIGTERM. */
export async function superviseWorkers(devices: readonly string[]): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([interruptSignal(), failed.signal]);
  const all = devices.map((device, index) =>
    supervise(device, index, signal).catch((error: unknown) => {
      tell(`livedream: ${error instanceof Error ? error.message : error}`);
      failed.abort();
    }),
  );
  await Promise.all(all);
}
