import type { WebSocket } from 'ws';
import type { Bell } from '../bell.js';

/** Frames that are dreamed, encoded or on their way to a client at a time. */
const UNDER_WAY = 3;

/**
 * How far a client is behind what it was sent. A ping follows each frame, and who reads late answers late: so the system's own
 * buffers, which nobody can look into, hold no more than a few frames either.
 */
export class LiveLine {
  readonly #socket: WebSocket;
  readonly #bell: Bell;
  #begun = 0;
  #sent = 0;
  #answered = 0;
  /** Handed to the system, by the socket's own count. */
  #unsent = 0;

  /** @param bell rung when there is room again */
  constructor(socket: WebSocket, bell: Bell) {
    this.#socket = socket;
    this.#bell = bell;
    socket.on('pong', (data) => this.#pong(Number(data.toString())));
  }

  /** Whether another frame may be begun. */
  get free(): boolean {
    return this.#begun - this.#answered < UNDER_WAY && this.#unsent < UNDER_WAY;
  }

  begin(): void {
    this.#begun += 1;
  }

  /** Nothing came of one that was begun. */
  giveUp(): void {
    this.#begun -= 1;
    this.#bell.ring();
  }

  send(head: string, picture: Buffer): void {
    const { OPEN, readyState } = this.#socket;
    if (readyState !== OPEN) return;
    this.#sent += 1;
    this.#unsent += 1;
    this.#socket.send(head);
    this.#socket.send(picture, { binary: true }, () => {
      this.#unsent -= 1;
      this.#bell.ring();
    });
    this.#socket.ping(String(this.#sent));
  }

  #pong(number: number): void {
    // What a client makes up counts for no more than was sent.
    if (!(number > this.#answered && number <= this.#sent)) return;
    this.#answered = number;
    this.#bell.ring();
  }
}
