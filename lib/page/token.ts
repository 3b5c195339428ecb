import { Fault } from './faults.js';
import { part } from './parts.js';
import type { Service } from './service.js';

/** What the service says to whoever has the wrong token or none. */
const UNAUTHORIZED = 'ERR_LIVEDREAM_UNAUTHORIZED';

export function wantsToken(error: unknown): boolean {
  return error instanceof Fault && error.code === UNAUTHORIZED;
}

/** Asks for the token until the person has entered one. */
function entered(wrong: string): Promise<string> {
  const dialog = part('token', HTMLDialogElement);
  const text = part('token-text', HTMLInputElement);
  part('token-wrong', HTMLElement).textContent = wrong;
  // Without it there is nothing to go on with.
  const stay = (event: Event): void => event.preventDefault();
  dialog.addEventListener('cancel', stay);
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    part('token-form', HTMLFormElement).addEventListener(
      'submit',
      () => {
        dialog.removeEventListener('cancel', stay);
        resolve(text.value.trim());
        text.value = '';
      },
      { once: true },
    );
  });
}

/** What the work gives, once the service has taken the token; asks for it as often as it takes. */
export async function withToken<T>(service: Service, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!wantsToken(error)) throw error;
      service.token = await entered(service.token === '' ? '' : 'That is not the token of this service.');
    }
  }
}
