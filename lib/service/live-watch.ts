import type { WebSocket } from 'ws';
import type { ServiceLimits } from '../options/serve-options.js';

/** Sees to it that a client that is silent, or no longer there, does not keep its place. */
export class LiveWatch {
  readonly #socket: WebSocket;
  readonly #idle: NodeJS.Timeout;
  readonly #pings: NodeJS.Timeout;
  #answered = true;

  constructor(socket: WebSocket, { liveIdle, livePing }: ServiceLimits, shutOut: (reason: string) => void) {
    this.#socket = socket;
    this.#idle = setTimeout(() => shutOut(`Nothing came for ${liveIdle} s.`), liveIdle * 1000).unref();
    this.#pings = setInterval(() => {
      if (this.#answered) this.#ask();
      else shutOut(`A ping was not answered within ${livePing} s.`);
    }, livePing * 1000).unref();
    socket.on('pong', () => {
      this.#answered = true;
    });
  }

  /** Of a message. */
  heard(): void {
    this.#idle.refresh();
  }

  end(): void {
    clearTimeout(this.#idle);
    clearInterval(this.#pings);
  }

  #ask(): void {
    this.#answered = false;
    this.#socket.ping();
  }
}
