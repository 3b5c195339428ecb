import type { Size } from '../size.js';

// Shapes as masks: a byte a pixel, 255 inside, what an edge goes through as much as it is inside.

/** In pixels, by its left upper corner. */
export interface Rectangle extends Size {
  readonly left: number;
  readonly top: number;
}

/** In pixels, by its middle. */
export interface Ellipse {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

/** Where a shape begins and ends at a height; undefined where it is not. */
type Span = (y: number) => readonly [number, number] | undefined;

/** Lines that a row of pixels is measured by. */
const LINES = 4;

function drawn({ width, height }: Size, span: Span): Uint8Array {
  const data = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const spans = Array.from({ length: LINES }, (_, line) => span(row + (line + 0.5) / LINES)).filter(
      (each) => each !== undefined,
    );
    if (spans.length === 0) continue;
    const begins = spans.map(([begin]) => begin);
    const ends = spans.map(([, end]) => end);
    const within = (x: number): number => Math.min(width, Math.max(0, x));
    const [first, last] = [within(Math.floor(Math.min(...begins))), within(Math.ceil(Math.max(...ends)))];
    const whole = spans.length === LINES;
    const [from, to] = [within(Math.ceil(Math.max(...begins))), within(Math.floor(Math.min(...ends)))];
    const covered = (x: number): number =>
      spans.reduce((sum, [begin, end]) => sum + Math.max(0, Math.min(end, x + 1) - Math.max(begin, x)), 0) / LINES;
    for (let x = first; x < last; x += 1) {
      if (whole && x >= from && x < to) {
        data.fill(255, row * width + x, row * width + to);
        x = to - 1;
      } else data[row * width + x] = Math.round(255 * covered(x));
    }
  }
  return data;
}

export function drawnRectangle(size: Size, { left, top, width, height }: Rectangle): Uint8Array {
  return drawn(size, (y) => (y >= top && y < top + height ? [left, left + width] : undefined));
}

export function drawnEllipse(size: Size, { x, y: middle, radiusX, radiusY }: Ellipse): Uint8Array {
  return drawn(size, (y) => {
    const up = (y - middle) / radiusY;
    if (Math.abs(up) >= 1) return undefined;
    const half = radiusX * Math.sqrt(1 - up * up);
    return [x - half, x + half];
  });
}
