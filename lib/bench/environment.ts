import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import packageRoot from '#package-root';
import { loadAddon } from '../binding/addon.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import { openRuntime } from '../runtime/find/open.js';
import { type Gpu, gpus } from '../runtime/nvidia-smi.js';
import { processorFlags } from '../runtime/processor.js';
import { packageVersion } from '../version.js';

/** What a benchmark ran on, and with: two of them can be compared as far as these agree. */
export interface BenchEnvironment {
  readonly platform: string;
  readonly cpu: {
    readonly model: string;
    readonly flags: readonly string[];
    /** That the system has, and that this process may use. */
    readonly cores: number;
    readonly availableCores: number;
    /** What computes bfloat16. */
    readonly bfloat16: 'none' | 'avx512' | 'amx';
  };
  readonly memoryBytes: number;
  readonly gpus: readonly Gpu[];
  readonly livedream: string;
  /** Of the clone that this is run from, with `-dirty` where files were changed; left out where it is a package. */
  readonly commit?: string;
  readonly tensorflow: { readonly version: string; readonly variant: string };
  readonly node: string;
  /** Flags that change what XLA makes, where they are set. */
  readonly xlaFlags: readonly string[];
}

async function git(...args: string[]): Promise<string> {
  return (await promisify(execFile)('git', args, { cwd: packageRoot })).stdout.trim();
}

/** Of this package's own clone, not of one that it lies in. */
async function commit(): Promise<string | undefined> {
  if (!existsSync(path.join(packageRoot, '.git'))) return undefined;
  try {
    const [hash, changes] = await Promise.all([
      git('rev-parse', 'HEAD'),
      git('status', '--porcelain', '--untracked-files=no'),
    ]);
    return changes === '' ? hash : `${hash}-dirty`;
  } catch {
    // No git here.
    return undefined;
  }
}

export async function gatherEnvironment(): Promise<BenchEnvironment> {
  const { runtime, library } = await openRuntime();
  const [flags, cards, clone] = await Promise.all([processorFlags(), gpus(), commit()]);
  return {
    platform: `${process.platform} ${process.arch}`,
    cpu: {
      model: os.cpus()[0]?.model.trim() ?? '',
      flags: flags.split(' ').filter(Boolean),
      cores: os.cpus().length,
      availableCores: os.availableParallelism(),
      bfloat16: loadAddon().bfloat16Unit(),
    },
    memoryBytes: os.totalmem(),
    gpus: cards,
    livedream: packageVersion(),
    ...(clone === undefined ? {} : { commit: clone }),
    tensorflow: { version: library.version, variant: runtime.variant },
    node: process.version,
    xlaFlags: ENVIRONMENT.xlaFlags().filter(Boolean),
  };
}
