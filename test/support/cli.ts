import { spawn } from 'node:child_process';
import path from 'node:path';
import packageRoot from '#package-root';

/** The built command line. */
export const cli = path.join(packageRoot, 'dist/esm/cli/main.js');

export interface Ended {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

interface Started {
  readonly cwd: string;
  /** Beside this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** What is piped into it; nothing by default. */
  readonly input?: Buffer;
  /** File descriptors in the place of pipes. */
  readonly stdin?: number;
  readonly stdout?: number;
  /** Closes its standard output at once, as `head -c 0` does. */
  readonly closed?: boolean;
}

/** Runs the command line in a folder, as users do; bytes in, bytes out. */
export function livedreamIn({ cwd, env, input, stdin, stdout, closed }: Started, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd,
      env: { ...process.env, ...env },
      stdio: [stdin ?? 'pipe', stdout ?? 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr?.on('data', (text) => {
      stderr += text;
    });
    if (closed) child.stdout?.destroy();
    // It need not read what it is given.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(input);
    child.once('close', (code) => resolve({ code, stdout: Buffer.concat(out), stderr }));
  });
}
