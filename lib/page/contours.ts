import { part } from './parts.js';

const LINES = 26;
/** Pixels from one point of a line to the next. */
const GRAIN = 12;
/** Of the ripples, in a second. */
const PACE = 0.12;

/** How far a line is pushed at a place: two slow waves, and an eye in the middle. */
function push(x: number, y: number, when: number): number {
  const [across, down] = [x - 0.5, (y - 0.5) * 0.9];
  const eye = Math.exp(-(across * across * 9 + down * down * 14));
  const wave = Math.sin(x * 5 + y * 3 + when) + 0.6 * Math.sin(x * 9 - y * 5 - when * 1.4);
  return (
    0.016 * wave + 0.13 * eye * Math.sin(down * 9 + when * 0.7) + 0.1 * eye * Math.sign(down) * Math.abs(down) ** 0.5
  );
}

function draw(canvas: HTMLCanvasElement, when: number): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const ratio = devicePixelRatio;
  const { clientWidth: width, clientHeight: height } = canvas;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  context.scale(ratio, ratio);
  context.strokeStyle = getComputedStyle(canvas).color;
  for (let line = 0; line <= LINES; line += 1) {
    const y = line / LINES;
    // Fainter to the borders.
    context.globalAlpha = 0.15 + 0.6 * Math.sin(Math.PI * y) ** 2;
    context.beginPath();
    for (let x = -GRAIN; x <= width + GRAIN; x += GRAIN) context.lineTo(x, (y + push(x / width, y, when)) * height);
    context.stroke();
  }
}

/** Lines that dream behind the empty stage; still for those who want no motion, and while they are not seen. */
export function startContours(): void {
  const canvas = part('contours', HTMLCanvasElement);
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let asked = 0;
  const frame = (now: number): void => {
    draw(canvas, (now / 1000) * PACE * 2 * Math.PI);
    if (!still.matches && !part('empty', HTMLElement).hidden) asked = requestAnimationFrame(frame);
  };
  const restart = (): void => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(frame);
  };
  new ResizeObserver(restart).observe(canvas);
  still.addEventListener('change', restart);
  document.addEventListener('theme', restart);
  restart();
}
