import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach } from 'vitest';

const mounted: string[] = [];

/** Makes a folder a disk of its own of so many bytes, until the test ends; false where this user may mount none. */
export function mountDisk(folder: string, bytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', `size=${Math.ceil(bytes)}`, 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return false;
  }
  mounted.push(folder);
  return true;
}

/** From now on nothing can be written to it. */
export function makeReadOnly(folder: string): void {
  execFileSync('/bin/mount', ['-o', 'remount,ro', folder]);
}

/** Takes all that is free on it, until `release`. */
export function fillDisk(folder: string): { readonly release: () => void } {
  const filler = path.join(folder, 'filler');
  for (let bytes = 2 ** 24; bytes >= 4096; )
    try {
      writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      bytes /= 2;
    }
  return { release: () => rmSync(filler) };
}

/** Takes disks away after each test; to be called behind `usePlace`, so that it is done before that removes its folders. */
export function useDisks(): void {
  afterEach(() => {
    for (const folder of mounted.splice(0)) execFileSync('/bin/umount', ['-l', folder]);
  });
}
