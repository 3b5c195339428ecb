import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import sharp from 'sharp';
import { WebSocket } from 'ws';
import { Bell } from '../../lib/bell.js';
import type { Dreamer } from '../../lib/dreamer.js';
import { madePicture } from '../support/pictures.js';
import { serviceOf } from './support.js';

export type Message = Readonly<Record<string, unknown>>;

/** A dreamed frame with what was said of it. */
export interface Heard {
  readonly head: Message;
  readonly picture: Buffer;
}

/** A client of the live socket that keeps all it hears. */
export class Talk {
  readonly socket: WebSocket;
  readonly words: Message[] = [];
  readonly frames: Heard[] = [];
  closed: { readonly code: number; readonly reason: string } | undefined;
  readonly #bell = new Bell();
  #head: Message | undefined;

  constructor(url: string, options: ConstructorParameters<typeof WebSocket>[2] = {}, protocols = ['livedream.v1']) {
    this.socket = new WebSocket(url, protocols, options);
    this.socket.on('message', (data: Buffer, binary) => {
      if (binary) this.frames.push({ head: this.#head as Message, picture: data });
      else this.#word(JSON.parse(data.toString()) as Message);
      this.#bell.ring();
    });
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString() };
      this.#bell.ring();
    });
    this.socket.on('error', () => undefined);
  }

  #word(word: Message): void {
    this.#head = word;
    this.words.push(word);
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.closed) throw new Error(`closed: ${this.closed.code} ${this.closed.reason}`);
      await this.#bell.heard();
    }
  }

  /** The first word of a type after those that were there when it was asked for. */
  async word(type: string, skip = 0): Promise<Message> {
    const found = (): Message[] => this.words.filter((word) => word['type'] === type);
    await this.until(() => found().length > skip);
    return found()[skip] as Message;
  }

  async frame(number: number): Promise<Heard> {
    await this.until(() => this.frames.length >= number);
    return this.frames[number - 1] as Heard;
  }

  say(word: object): void {
    this.socket.send(JSON.stringify(word));
  }

  async end(): Promise<{ readonly code: number; readonly reason: string }> {
    while (!this.closed) await this.#bell.heard();
    return this.closed;
  }
}

/** A service that listens, and clients of its socket. */
export class LiveService {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly lines: string[];
  readonly talks: Talk[] = [];

  private constructor(app: FastifyInstance, lines: string[]) {
    this.app = app;
    this.lines = lines;
    this.url = `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/live`;
  }

  static async of(dreamer: Dreamer, options: Parameters<typeof serviceOf>[1] = {}): Promise<LiveService> {
    const lines: string[] = [];
    return LiveService.on(await serviceOf(dreamer, options, lines), lines);
  }

  /** One that is made already. */
  static async on(app: FastifyInstance, lines: string[] = []): Promise<LiveService> {
    await app.listen({ host: '127.0.0.1', port: 0 });
    return new LiveService(app, lines);
  }

  talk(options: ConstructorParameters<typeof Talk>[1] = {}, protocols?: string[]): Talk {
    const talk = new Talk(this.url, options, protocols);
    this.talks.push(talk);
    return talk;
  }

  /** One that has been greeted. */
  async greeted(...given: Parameters<LiveService['talk']>): Promise<Talk> {
    const talk = this.talk(...given);
    await talk.word('ready');
    return talk;
  }

  /** The status and code that a handshake is refused with. */
  async refused(...given: Parameters<LiveService['talk']>): Promise<[number, string]> {
    const { socket } = this.talk(...given);
    const [, response] = await once(socket, 'unexpected-response');
    const body = JSON.parse(Buffer.concat(await response.toArray()).toString()) as { readonly code: string };
    return [response.statusCode, body.code];
  }

  async close(): Promise<void> {
    for (const { socket } of this.talks) socket.terminate();
    await this.app.close();
  }
}

/** A frame as cameras send it; each seed another. */
export function jpeg(width = 96, height = 72, seed = 1): Promise<Buffer> {
  const data = Buffer.from(Uint8Array.from(madePicture(width, height, seed)));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .jpeg()
    .toBuffer();
}
