import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** A graphics card, as its driver tells. */
export interface Gpu {
  readonly name: string;
  readonly driver: string;
  readonly memoryBytes: number;
}

const MIB = 2 ** 20;
const TIMEOUT = 10_000;

/** The cells of a query; none where there is no NVIDIA driver, whose program this is. */
async function query(what: string, fields: string): Promise<string[][]> {
  const args = [`--query-${what}=${fields}`, '--format=csv,noheader,nounits'];
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', args, { timeout: TIMEOUT });
    const lines = stdout.split('\n').filter((line) => line.trim() !== '');
    return lines.map((line) => line.split(',').map((cell) => cell.trim()));
  } catch {
    return [];
  }
}

export async function gpus(): Promise<Gpu[]> {
  const rows = await query('gpu', 'name,driver_version,memory.total');
  return rows.map(([name = '', driver = '', memory]) => ({ name, driver, memoryBytes: Number(memory) * MIB }));
}

/** What a process has of all cards' memory together; undefined where none is told, as in a container that hides the processes. */
export async function gpuMemoryOf(pid: number): Promise<number | undefined> {
  const rows = await query('compute-apps', 'pid,used_gpu_memory');
  const own = rows.filter(([id]) => Number(id) === pid).map(([, memory]) => Number(memory) * MIB);
  const sum = own.reduce((total, each) => total + each, 0);
  return own.length > 0 && Number.isFinite(sum) ? sum : undefined;
}
