import { Readable } from 'node:stream';

/** What may lie here unread before more is left out: a few previews. */
const MOST_UNREAD = 65_536;

/** Milliseconds after which a client that lost its connection should try again. */
const RETRY = 5000;

/**
 * Server-sent events for one client. What is only offered is left out while the client reads too slowly, so that a slow one
 * takes no memory; the last event is kept in any case.
 */
export class EventStream extends Readable {
  readonly #heart: NodeJS.Timeout;
  #full = false;

  /** @param heartbeat seconds between comments, by which proxies and clients know that the connection lives */
  constructor(heartbeat: number) {
    super({ highWaterMark: MOST_UNREAD });
    this.#write(`retry: ${RETRY}\n\n`);
    this.#heart = setInterval(() => {
      if (!this.full) this.#write(': still here\n\n');
    }, heartbeat * 1000);
  }

  /** Whether what is offered would be left out. */
  get full(): boolean {
    return this.#full || this.destroyed || this.readableEnded;
  }

  offer(event: string, data: object): void {
    if (!this.full) this.#write(textOf(event, data));
  }

  finish(event: string, data: object): void {
    clearInterval(this.#heart);
    if (this.destroyed) return;
    this.push(textOf(event, data));
    this.push(null);
  }

  #write(text: string): void {
    this.#full = !this.push(text);
  }

  override _read(): void {
    this.#full = false;
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#heart);
    done(error);
  }
}

/** JSON has no line breaks, so one line holds it. */
function textOf(event: string, data: object): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
