import { readFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { Dreamer } from '../dreamer.js';
import type { Objective } from '../model/objective.js';
import { gpuMemoryOf } from '../runtime/nvidia-smi.js';
import type { ColdAnswer, ColdRequest, ColdResult } from './cold-request.js';

// A process of its own for each variant, as it takes one to see what a first dream costs, and what memory: run by cold.ts.

/** Of this program alone: what getrusage tells begins with the memory of the process that started it. */
async function peakMemory(): Promise<number> {
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const kibibytes = /^VmHWM:\s*(\d+) kB$/m.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
  return Number(kibibytes) * 1024;
}

async function timed<T>(work: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await work;
  return { value, ms: performance.now() - start };
}

async function measure({ load, dream, picture }: ColdRequest): Promise<ColdResult> {
  const { value: dreamer, ms: loading } = await timed(Dreamer.load(load));
  const { value: first, ms: firstCall } = await timed(dreamer.dream(picture, dream));
  const { ms: second } = await timed(dreamer.dream(picture, dream));
  const gpu = await gpuMemoryOf(process.pid);
  const { model: name, modelSha256: sha256, objective } = first.parameters;
  return {
    cold: {
      load: loading,
      firstCall,
      compile: first.timings.compile,
      peakMemoryBytes: await peakMemory(),
      ...(gpu === undefined ? {} : { gpuMemoryBytes: gpu }),
    },
    // A benchmark is of one layer: readBench.
    model: { name, sha256, objective: objective as Objective },
    rewrites: first.rewrites,
    second,
  };
}

async function answer(request: ColdRequest): Promise<ColdAnswer> {
  try {
    return { result: await measure(request) };
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    return { error: { message: message ?? String(error), ...(code === undefined ? {} : { code }) } };
  }
}

// Whoever started us hears of a Ctrl-C too, and ends us; without them there is nobody to answer.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('message', (request: ColdRequest) => {
  void answer(request).then((sent) => process.send?.(sent));
});
