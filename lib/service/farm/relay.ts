import type { RawData, WebSocket } from 'ws';
import { CLOSED } from '../live-client.js';

/** Bytes that one side may be behind; then the other is not read from. */
const BEHIND = 256 * 1024;

/** Codes that stand for a close without one, and that no endpoint may send: RFC 6455, 7.4.1. */
const NO_CODE = 1005;
const BROKEN = 1006;

export interface RelayParts {
  readonly client: WebSocket;
  readonly worker: WebSocket;
  /** Seconds that a worker may take to answer a ping. */
  readonly patience: number;
  /** The worker is gone, by itself or by its connection. */
  readonly onLost: () => void;
}

/** Says goodbye with what the other side said. */
function close(socket: WebSocket, code: number, reason: Buffer | string): void {
  // A paused socket would not hear the answer.
  if (socket.isPaused) socket.resume();
  if (code === BROKEN) socket.terminate();
  else if (code === NO_CODE) socket.close();
  else socket.close(code, reason);
}

/** Passes on what one says, no faster than the other hears it. */
function pass(from: WebSocket, to: WebSocket): void {
  const flushed = (): void => {
    if (from.isPaused && to.bufferedAmount < BEHIND) from.resume();
  };
  from.on('message', (data: RawData, binary) => {
    to.send(data, { binary }, flushed);
    if (to.bufferedAmount >= BEHIND) from.pause();
  });
}

/** A client and its worker: all that one says the other hears, pings too, by which the worker knows how far the client has read. */
export class Relay {
  readonly #parts: RelayParts;
  readonly #pings: NodeJS.Timeout;
  #answered = true;
  #over = false;

  constructor(parts: RelayParts) {
    const { client, worker, patience } = parts;
    this.#parts = parts;
    pass(client, worker);
    pass(worker, client);
    // The client's are answered here, and count there.
    client.on('ping', (data) => worker.ping(data));
    client.on('pong', (data) => worker.pong(data));
    worker.on('ping', (data) => client.ping(data));
    worker.on('pong', () => {
      this.#answered = true;
    });
    client.once('close', (code, reason) => {
      this.#end();
      close(worker, code, reason);
    });
    worker.once('close', (code, reason) => this.#left(code, reason));
    worker.on('error', () => undefined);
    this.#pings = setInterval(() => this.#ask(), patience * 1000).unref();
  }

  /** To both. */
  close(code: number, reason: string): void {
    this.#end();
    close(this.#parts.client, code, reason);
    close(this.#parts.worker, code, reason);
  }

  #end(): void {
    this.#over = true;
    clearInterval(this.#pings);
  }

  /** What the client did it is told; what befell the worker does not befall the service. */
  #left(code: number, reason: Buffer): void {
    if (this.#over) return;
    this.#end();
    const { client, onLost } = this.#parts;
    if (code !== BROKEN && code !== CLOSED.goingAway) {
      close(client, code, reason);
      return;
    }
    onLost();
    close(client, CLOSED.later, `The worker that dreamed here ${code === BROKEN ? 'is gone' : 'stops'}. Try again.`);
  }

  /** One whose machine is off says nothing of it. */
  #ask(): void {
    const { worker } = this.#parts;
    if (worker.isPaused) return;
    if (!this.#answered) worker.terminate();
    this.#answered = false;
    worker.ping();
  }
}
