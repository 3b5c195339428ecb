import { Fault } from './faults.js';
import type { Service } from './service.js';

/** A frame that was dreamed, as the service tells of it. */
export interface FrameHead {
  /** Of those that were dreamed, from 1. */
  readonly number: number;
  /** Of those that were sent. */
  readonly received: number;
  readonly latencyMs: number;
  readonly dropped: number;
  readonly format: string;
}

export interface Heard {
  readonly onOptions: (options: Readonly<Record<string, unknown>>) => void;
  readonly onFrame: (head: FrameHead, picture: Blob) => void;
  readonly onFault: (fault: Fault) => void;
  /** It is over; by whom it was closed if not by us. */
  readonly onEnd: (fault: Fault | undefined) => void;
}

/** What the close codes of the service mean to a person. */
function faultOfClose({ code, reason }: CloseEvent): Fault {
  const said = reason === '' ? 'The connection to the service is gone.' : reason;
  if (code === 1008) return new Fault(said, 'Start the camera again.', { again: true });
  if (code === 1009) return new Fault(said, 'Choose a smaller longest side.', { again: true });
  if (code === 1013) return new Fault(said, 'Try again in a while.', { again: true });
  return new Fault(said, 'See whether the service still runs, and try again.', { again: true });
}

/** The live socket: frames and options in, dreamed frames out. */
export class LiveSocket {
  readonly #socket: WebSocket;
  readonly #heard: Heard;
  #head: FrameHead | undefined;
  #ended = false;

  constructor(service: Service, heard: Heard) {
    const { address, protocols } = service.live();
    this.#heard = heard;
    this.#socket = new WebSocket(address, protocols);
    this.#socket.binaryType = 'blob';
    this.#socket.addEventListener('message', ({ data }: MessageEvent<string | Blob>) => this.#take(data));
    this.#socket.addEventListener('close', (event) => {
      if (this.#ended) return;
      this.#ended = true;
      heard.onEnd(faultOfClose(event));
    });
  }

  get open(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  tell(message: object): void {
    if (this.open) this.#socket.send(JSON.stringify({ type: 'options', ...message }));
  }

  send(frame: Blob): void {
    if (this.open) this.#socket.send(frame);
  }

  close(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.close(1000);
    this.#heard.onEnd(undefined);
  }

  #take(data: string | Blob): void {
    if (typeof data !== 'string') {
      if (this.#head) this.#heard.onFrame(this.#head, data);
      this.#head = undefined;
      return;
    }
    const { type, ...told } = JSON.parse(data) as { readonly type: string } & Record<string, unknown>;
    if (type === 'frame') this.#head = told as unknown as FrameHead;
    if (type === 'ready' || type === 'options') this.#heard.onOptions(told['options'] as Record<string, unknown>);
    if (type === 'error') this.#heard.onFault(new Fault(String(told['message']), 'Change that; the picture goes on.'));
  }
}
