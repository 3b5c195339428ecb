import { readFile } from 'node:fs/promises';

/** The processor's extensions, as the system lists them; empty where it does not, as on macOS. */
export async function processorFlags(): Promise<string> {
  const text = await readFile('/proc/cpuinfo', 'utf8').catch(() => '');
  // x86 lists "flags", Arm "Features".
  return (/^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1] ?? '').trim();
}
