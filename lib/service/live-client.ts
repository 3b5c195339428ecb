import { performance } from 'node:perf_hooks';
import type { FastifyBaseLogger } from 'fastify';
import type { RawData, WebSocket } from 'ws';
import { Bell } from '../bell.js';
import type { Dreamer } from '../dreamer.js';
import type { ServiceLimits } from '../options/serve-options.js';
import { Allowance } from './allowance.js';
import { faultOf } from './faults.js';
import type { LiveCounts } from './live-counts.js';
import { LiveDreams, type Shown } from './live-dreams.js';
import { LiveLine } from './live-line.js';
import { bytesOf, MOST_WORDS, readMessage } from './live-messages.js';
import { checkLive, LIVE_DEFAULTS, type OptionsMessage, optionsInForce, readLive } from './live-options.js';
import { LiveWatch } from './live-watch.js';
import type { Turns } from './turns.js';

export interface LiveParts {
  readonly dreamer: Dreamer;
  readonly limits: ServiceLimits;
  readonly turns: Turns;
  readonly counts: LiveCounts;
  readonly log: FastifyBaseLogger;
}

/** Close codes of RFC 6455 and its registry. */
export const CLOSED = { goingAway: 1001, policy: 1008, tooBig: 1009, later: 1013 } as const;

/** Faults that a client may cause at once, and a second in the long run, before it is shut out. */
const FAULTS = { most: 20, perSecond: 0.5 } as const;

/** Messages of options that may wait to be checked. */
const MOST_PENDING = 64;

/** One client of the live socket, from its first word to its last. */
export class LiveClient {
  readonly #socket: WebSocket;
  readonly #parts: LiveParts;
  readonly #left = new AbortController();
  readonly #faults = new Allowance(FAULTS.perSecond, FAULTS.most);
  readonly #messages: Allowance;
  readonly #bytes: Allowance;
  readonly #bell = new Bell();
  readonly #watch: LiveWatch;
  readonly #line: LiveLine;
  readonly #dreams: LiveDreams;
  #options = LIVE_DEFAULTS;
  #pending = 0;
  #checked: Promise<void> = Promise.resolve();
  #frames = { received: 0, dropped: 0, dreamed: 0 };

  constructor(socket: WebSocket, parts: LiveParts) {
    const { limits, dreamer, turns } = parts;
    this.#socket = socket;
    this.#parts = parts;
    this.#messages = new Allowance(limits.liveMessages);
    this.#bytes = new Allowance(limits.liveBytes, limits.liveBytes + limits.liveFrameLimit);
    this.#watch = new LiveWatch(socket, limits, (reason) => this.close(CLOSED.policy, reason));
    const bell = this.#bell;
    this.#line = new LiveLine(socket, bell);
    this.#dreams = new LiveDreams(
      {
        ...{ dreamer, limits, turns, line: this.#line, bell, left: this.#left.signal },
        unsettled: () => this.#pending > 0,
        show: (shown) => this.#show(shown),
        fault: (error) => this.#fault(error),
      },
      this.#options,
    );
    socket.on('message', (data, binary) => this.#heard(data, binary));
    socket.on('ping', () => void this.#within(0));
    socket.once('close', (code) => this.#gone(code));
    this.#greet();
    void this.#dreams.run();
  }

  /** Says why, and frees everything at once. */
  close(code: number, reason: string): void {
    if (this.#left.signal.aborted) return;
    if (code !== CLOSED.goingAway) this.#parts.counts.shutOut += 1;
    this.#socket.close(code, reason);
    this.#end();
  }

  #end(): void {
    this.#left.abort(new Error('the live client left'));
    this.#watch.end();
  }

  #gone(code: number): void {
    this.#end();
    this.#parts.log.info({ live: { code, ...this.#frames } }, 'a live client left');
  }

  #tell(message: object): void {
    this.#socket.send(JSON.stringify(message));
  }

  #greet(): void {
    const { dreamer, limits } = this.#parts;
    const { octaveLimit: octaves, iterationLimit: iterations, pixelLimit: pixels, liveSize: size } = limits;
    const { liveFrameLimit: frameBytes, liveMessages: messages, liveBytes: bytes, liveIdle: idle } = limits;
    const told = { size, octaves, iterations, pixels, frameBytes, messages, bytes, idle };
    this.#tell({ type: 'ready', model: dreamer.model, ...this.#inForce(), limits: told });
  }

  #inForce(): object {
    return { options: optionsInForce(this.#parts.dreamer, this.#options), ...this.#options.shown };
  }

  /** Whether that is no flood; else the client is shut out. */
  #within(bytes: number): boolean {
    if (this.#left.signal.aborted) return false;
    const { liveMessages, liveBytes } = this.#parts.limits;
    if (!this.#messages.take()) this.close(CLOSED.policy, `More than ${liveMessages} messages a second.`);
    else if (!this.#bytes.take(bytes)) this.close(CLOSED.policy, `More than ${liveBytes} bytes a second.`);
    return !this.#left.signal.aborted;
  }

  #heard(data: RawData, binary: boolean): void {
    const bytes = bytesOf(data);
    const most = binary ? this.#parts.limits.liveFrameLimit : MOST_WORDS;
    if (!this.#within(bytes.length)) return;
    if (bytes.length > most) {
      const what = binary ? 'frame' : 'message';
      this.close(CLOSED.tooBig, `A ${what} of ${bytes.length} bytes; at most ${most} are taken.`);
      return;
    }
    this.#watch.heard();
    if (binary) this.#frame(bytes);
    else this.#word(bytes);
  }

  #frame(bytes: Buffer): void {
    const { counts } = this.#parts;
    this.#frames.received += 1;
    counts.received += 1;
    if (!this.#dreams.offer({ bytes, number: this.#frames.received, since: performance.now() })) return;
    this.#frames.dropped += 1;
    counts.dropped += 1;
  }

  #word(bytes: Buffer): void {
    try {
      const said = readMessage(bytes);
      if (said.type === 'ping') this.#tell({ type: 'pong', id: said.id });
      else this.#asked(said.message);
    } catch (error) {
      this.#fault(error);
    }
  }

  /** One after another, as the model may have to be asked. */
  #asked(message: OptionsMessage): void {
    this.#pending += 1;
    if (this.#pending > MOST_PENDING) this.close(CLOSED.policy, 'Options change faster than they can be checked.');
    this.#checked = this.#checked.then(async () => {
      try {
        if (this.#left.signal.aborted) return;
        const next = readLive(this.#options, message, this.#parts.limits);
        await checkLive(this.#parts.dreamer, next);
        if (this.#left.signal.aborted) return;
        this.#options = next;
        this.#dreams.change(next);
        this.#tell({ type: 'options', ...this.#inForce() });
      } catch (error) {
        this.#fault(error);
      } finally {
        this.#pending -= 1;
        this.#bell.ring();
      }
    });
  }

  #show({ bytes, incoming, size, format, stages }: Shown): void {
    const { number: received, since } = incoming;
    this.#frames.dreamed += 1;
    this.#parts.counts.dreamed += 1;
    const { dreamed: number, dropped } = this.#frames;
    const latencyMs = round(performance.now() - since);
    const times = Object.fromEntries(Object.entries(stages).map(([name, time]) => [name, round(time)]));
    const head = { type: 'frame', number, received, ...size, latencyMs, stages: times, dropped, format };
    this.#line.send(JSON.stringify(head), bytes);
  }

  #fault(error: unknown): void {
    if (this.#left.signal.aborted) return;
    const { counts, log } = this.#parts;
    const { status, code, message, retryAfter } = faultOf(error);
    counts.faults += 1;
    if (status === 500) log.error({ err: error }, 'a live frame failed');
    if (code === 'ERR_LIVEDREAM_DISPOSED') this.close(CLOSED.goingAway, message);
    else if (code === 'ERR_LIVEDREAM_QUEUE_FULL')
      this.close(CLOSED.later, `The queue is full. Try again in ${retryAfter} s.`);
    else if (!this.#faults.take()) this.close(CLOSED.policy, `Too many faults, the last of them ${code}.`);
    else this.#tell({ type: 'error', code, message });
  }
}

const round = (milliseconds: number): number => Math.round(10 * milliseconds) / 10;
