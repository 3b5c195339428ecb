import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { addonPath } from '../../lib/binding/addon.js';
import type { NativePlan } from '../../lib/binding/native.js';
import { openRuntime } from '../../lib/runtime/find/open.js';
import { smallModel } from './models.js';

const run = promisify(execFile);
const child = path.join(import.meta.dirname, 'dream-in-child.mjs');

export function bytesOf(data: Uint8Array | Float32Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** A dream of the small model in a process of its own, which compiles everything: the SHA-256 of the result, and stderr. */
export async function dreamInAnotherProcess(
  plan: NativePlan,
  picture: Float32Array,
  { verbose = false, environment = {} }: { verbose?: boolean; environment?: Readonly<Record<string, string>> } = {},
): Promise<{ readonly sha256: string; readonly stderr: string }> {
  const { runtime } = await openRuntime();
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-test-'));
  try {
    const { file, spec } = smallModel();
    const { framework, library } = runtime;
    const request = {
      ...{ addon: addonPath(), framework, library, verbose },
      ...{ spec: { ...spec, graph: file }, plan: { ...plan, seed: String(plan.seed) } },
      picture: path.join(folder, 'picture.f32'),
    };
    await writeFile(request.picture, bytesOf(picture));
    await writeFile(path.join(folder, 'request.json'), JSON.stringify(request));
    const env = { ...process.env, ...environment };
    const { stdout, stderr } = await run(process.execPath, [child, path.join(folder, 'request.json')], { env });
    return { sha256: stdout.trim(), stderr };
  } finally {
    await rm(folder, { recursive: true });
  }
}
