/** The element of that id in page.html. Throws where it is not there or of another kind: the two are built together. */
export function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`page.html has no ${kind.name} #${id}`);
}

/** A new element. */
export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Tells those who listen. */
export function say(text: string): void {
  part('status', HTMLElement).textContent = text;
}

let noted: ReturnType<typeof setTimeout> | undefined;

/** Tells everyone, for a moment. */
export function note(text: string): void {
  const place = part('note', HTMLElement);
  place.textContent = text;
  clearTimeout(noted);
  noted = setTimeout(() => {
    place.textContent = '';
  }, 4000);
}

/** Seconds or milliseconds, as people read them. */
export function time(milliseconds: number): string {
  return milliseconds >= 1000 ? `${(milliseconds / 1000).toFixed(1)} s` : `${Math.round(milliseconds)} ms`;
}
