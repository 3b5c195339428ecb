import { eventsOf } from './events.js';
import type { PageFacts } from './facts.js';
import { Fault, faultOfAnswer } from './faults.js';
import { type ModelFacts, readModel } from './model.js';

const TOKEN = 'livedream-token';

/** How far a dream is, and perhaps how it looks. */
export interface Progress {
  readonly octave: number;
  readonly octaves: number;
  readonly iteration: number;
  readonly iterations: number;
  readonly fraction: number;
  readonly preview?: Blob;
}

export interface Timings {
  readonly compile: number;
  readonly total: number;
}

/** A dream, and what the service told of it. */
export interface Dreamed {
  readonly picture: Blob;
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly timings?: Timings;
  readonly xla?: boolean;
}

export interface Ask {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  /** In the place of options, but for `xla`. */
  readonly recipe?: object;
}

/** A picture with its recipe; the browser says its type, which has the form's border in it. */
function formOf(picture: Blob, recipe: object, { xla }: Readonly<Record<string, string>>): FormData {
  const form = new FormData();
  form.append('recipe', JSON.stringify(recipe));
  form.append('format', 'png');
  if (xla !== undefined) form.append('xla', xla);
  form.append('image', picture, 'picture');
  return form;
}

/** The service that this page comes from; addresses are relative to the page's. */
export class Service {
  get token(): string {
    return sessionStorage.getItem(TOKEN) ?? '';
  }

  set token(text: string) {
    sessionStorage.setItem(TOKEN, text);
  }

  async facts(): Promise<PageFacts> {
    return (await (await this.#ask('page/facts.json')).json()) as PageFacts;
  }

  async model(): Promise<ModelFacts> {
    return readModel(await (await this.#ask('v1/models')).json());
  }

  async picture(address: string): Promise<Blob> {
    return (await this.#ask(address.replace(/^\//, ''))).blob();
  }

  /** Where frames of the camera go, and what tells the token, which a browser's WebSocket cannot send otherwise. */
  live(): { readonly address: URL; readonly protocols: string[] } {
    const address = new URL('v1/live', document.baseURI);
    address.hash = '';
    address.protocol = address.protocol.replace('http', 'ws');
    const bytes = String.fromCharCode(...new TextEncoder().encode(this.token));
    const token = btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
    return { address, protocols: ['livedream.v1', ...(this.token === '' ? [] : [`bearer.${token}`])] };
  }

  /** Dreams of a picture. What it was made with is written into the result by the service. */
  async dream(
    picture: Blob,
    options: Readonly<Record<string, string>>,
    { signal, onProgress, recipe }: Ask,
  ): Promise<Dreamed> {
    const accept = 'text/event-stream, image/png;q=0.5';
    const asked = { method: 'POST', signal };
    const answer = await (recipe
      ? this.#ask('v1/dreams', { ...asked, headers: { accept }, body: formOf(picture, recipe, options) })
      : this.#ask(`v1/dreams?${new URLSearchParams({ ...options, format: 'png' })}`, {
          ...asked,
          headers: { accept, 'content-type': 'application/octet-stream' },
          body: picture,
        }));
    if (!answer.headers.get('content-type')?.startsWith('text/event-stream')) return { picture: await answer.blob() };
    for await (const { name, data } of eventsOf(answer.body as ReadableStream<Uint8Array>)) {
      const told = JSON.parse(data) as Record<string, unknown>;
      if (name === 'progress') onProgress(progressOf(told));
      if (name === 'error') throw faultIn(told);
      if (name === 'result') return dreamedOf(told);
    }
    throw new Fault('The service broke off before the dream was finished.', 'Try again.', { again: true });
  }

  async #ask(address: string, request: RequestInit = {}): Promise<Response> {
    const headers = new Headers(request.headers);
    if (this.token !== '') headers.set('authorization', `Bearer ${this.token}`);
    const answer = await fetch(address, { ...request, headers });
    if (answer.ok) return answer;
    const told: unknown = await answer.json().catch(() => ({}));
    const { code = '', message = `The service answers ${answer.status}.` } = told as {
      code?: string;
      message?: string;
    };
    throw faultOfAnswer(answer.status, code, message, answer.headers.get('retry-after'));
  }
}

/** A picture in base64, as events have it. */
function pictureOf(base64: unknown, type: string): Blob {
  const bytes = Uint8Array.from(atob(String(base64)), (letter) => letter.charCodeAt(0));
  return new Blob([bytes], { type });
}

function progressOf({ preview, ...told }: Record<string, unknown>): Progress {
  const progress = told as unknown as Progress;
  return preview === undefined ? progress : { ...progress, preview: pictureOf(preview, 'image/jpeg') };
}

function dreamedOf(told: Record<string, unknown>): Dreamed {
  const { parameters, timings, xla } = told as Partial<Dreamed>;
  return {
    picture: pictureOf(told['image'], String(told['type'])),
    ...(parameters && { parameters }),
    ...(timings && { timings }),
    ...(xla !== undefined && { xla }),
  };
}

function faultIn({ status, code, message, retryAfter }: Record<string, unknown>): Fault {
  const wait = retryAfter === undefined ? null : String(retryAfter);
  return faultOfAnswer(Number(status), String(code), String(message), wait);
}
