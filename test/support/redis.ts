import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whether the system has a Redis; its tests are skipped by name where it has none. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** A real redis-server of its own folder, that keeps what it is told through a kill. */
export class TestRedis implements AsyncDisposable {
  readonly port: number;
  readonly #folder: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, args: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#args = args;
  }

  static async start(...args: string[]): Promise<TestRedis> {
    const redis = new TestRedis(await freePort(), mkdtempSync(path.join(tmpdir(), 'livedream-redis-')), args);
    await redis.restart();
    return redis;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async restart(): Promise<void> {
    const common = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', ''];
    const started = spawn('redis-server', [...common, '--appendonly', 'yes', ...this.#args], { stdio: 'ignore' });
    this.#process = started;
    for (let tries = 0; tries < 200; tries += 1) {
      if (started.exitCode !== null) throw new Error(`redis-server ended with ${started.exitCode}`);
      const answer = this.cli('ping');
      if (/PONG|NOAUTH/.test(answer)) return;
      await sleep(50);
    }
    throw new Error('redis-server does not answer');
  }

  cli(...command: string[]): string {
    const { stdout, stderr } = spawnSync('redis-cli', ['-p', String(this.port), ...command], { encoding: 'utf8' });
    return `${stdout}${stderr}`;
  }

  /** As a power failure of the server would. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
