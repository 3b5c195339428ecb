import { part, say } from './parts.js';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];
/** theme-first.js reads it. */
const KEY = 'livedream-theme';

function current(): Theme {
  const theme = document.documentElement.dataset['theme'];
  return THEMES.find((each) => each === theme) ?? 'system';
}

function show(): void {
  const name = `Theme: ${current() === 'system' ? "as the system's" : current()}`;
  part('theme-name', HTMLElement).textContent = name;
  part('theme', HTMLElement).title = name;
}

function choose(theme: Theme): void {
  if (theme === 'system') {
    delete document.documentElement.dataset['theme'];
    localStorage.removeItem(KEY);
  } else {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(KEY, theme);
  }
  show();
  // What is drawn by hand takes its colours anew.
  document.dispatchEvent(new Event('theme'));
}

/** The button goes through them; the first press always changes what is seen. */
export function startTheme(): void {
  show();
  part('theme', HTMLButtonElement).addEventListener('click', () => {
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    const order: readonly Theme[] = dark ? ['system', 'light', 'dark'] : ['system', 'dark', 'light'];
    choose(order[(order.indexOf(current()) + 1) % order.length] as Theme);
    say(part('theme-name', HTMLElement).textContent ?? '');
  });
}
