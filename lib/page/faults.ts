import { part } from './parts.js';

/** What went wrong, and what to do about it. */
export class Fault extends Error {
  readonly repair: string;
  readonly code: string;
  /** Whether the same may go well another time. */
  readonly again: boolean;

  constructor(what: string, repair: string, { code = '', again = false } = {}) {
    super(what);
    this.repair = repair;
    this.code = code;
    this.again = again;
  }
}

/** The service's own words for it tell what is wrong; what to do on this page is added where they do not know it. */
export function faultOfAnswer(status: number, code: string, message: string, retryAfter: string | null): Fault {
  if (status === 401) return new Fault(message, 'Enter the token.', { code });
  if (status === 413) return new Fault(message, 'Choose a smaller longest side, or another picture.', { code });
  if (status === 429 || status === 503)
    return new Fault(message, `Try again in ${retryAfter ?? 'a few'} seconds.`, { code, again: true });
  if (status >= 500)
    return new Fault(message, 'Try again; if it stays so, tell whoever runs it.', { code, again: true });
  return new Fault(message, 'Change that, and dream again.', { code });
}

/** Any error as a Fault: what fetch throws is that nobody answered. */
export function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  if (error instanceof TypeError)
    return new Fault('The service does not answer.', 'See whether it still runs and you are online.', { again: true });
  return new Fault(error instanceof Error ? error.message : String(error), 'Reload the page.', { again: true });
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

let again: (() => void) | undefined;

export function hideFault(): void {
  part('fault', HTMLElement).hidden = true;
}

/** Shows it until it is dismissed or something goes well; `retry` is what to try again. */
export function showFault(error: unknown, retry?: () => void): void {
  const fault = faultOf(error);
  again = retry;
  part('fault-what', HTMLElement).textContent = fault.message;
  part('fault-repair', HTMLElement).textContent = fault.repair;
  part('fault-again', HTMLElement).hidden = !(fault.again && retry);
  part('fault', HTMLElement).hidden = false;
}

export function startFaults(): void {
  part('fault-close', HTMLElement).addEventListener('click', hideFault);
  part('fault-again', HTMLElement).addEventListener('click', () => {
    hideFault();
    again?.();
  });
}
