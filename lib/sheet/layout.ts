import type { Size } from '../size.js';

/** What of a page decides where everything goes. */
export interface PageShape {
  /** Pairs of pictures. */
  readonly count: number;
  /** The height of every picture, and the width of that from noise. */
  readonly side: number;
  /** The width of the picture that is dreamed over. */
  readonly overWidth: number;
  readonly columns: number | undefined;
}

export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/** A pair of pictures with two lines of type below. */
export interface CellLayout {
  readonly noise: Box;
  readonly over: Box;
  readonly label: Box;
  readonly detail: Box;
}

export interface PageLayout extends Size {
  readonly title: Box;
  readonly subtitle: Box;
  readonly cells: readonly CellLayout[];
}

/** The type is as large for the pictures as this is for 160 pixels, but never smaller than can be read. */
function unitOf(side: number): number {
  return Math.max(side / 160, 0.8);
}

interface Measures {
  readonly margin: number;
  /** Between cells. */
  readonly gap: number;
  /** Between the pictures of a cell. */
  readonly seam: number;
  readonly title: number;
  readonly subtitle: number;
  /** Between the titles and the cells. */
  readonly head: number;
  readonly label: number;
  readonly detail: number;
  readonly cell: Size;
}

function measure({ side, overWidth }: PageShape): Measures {
  const unit = unitOf(side);
  const pixels = (value: number): number => Math.round(value * unit);
  const [label, detail] = [pixels(23), pixels(17)];
  const seam = Math.max(1, pixels(2));
  return {
    ...{
      margin: pixels(20),
      gap: pixels(14),
      seam,
      title: pixels(36),
      subtitle: pixels(26),
      head: pixels(14),
      label,
      detail,
    },
    cell: { width: side + seam + overWidth, height: side + label + detail },
  };
}

function pageSize({ margin, gap, title, subtitle, head, cell }: Measures, columns: number, rows: number): Size {
  return {
    width: 2 * margin + columns * cell.width + (columns - 1) * gap,
    height: 2 * margin + title + subtitle + head + rows * cell.height + (rows - 1) * gap,
  };
}

/** As many columns as make the page nearly square, the last row as full as may be where two numbers do. */
function chooseColumns(count: number, measures: Measures): number {
  let best = { columns: 1, badness: Number.POSITIVE_INFINITY };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const { width, height } = pageSize(measures, columns, rows);
    const empty = (rows * columns - count) / (rows * columns);
    const badness = Math.abs(Math.log(width / height)) + empty;
    if (badness < best.badness) best = { columns, badness };
  }
  return best.columns;
}

/** Where everything of a page goes. */
export function layOut(shape: PageShape): PageLayout {
  const measures = measure(shape);
  const { margin, gap, seam, title, subtitle, head, label, detail, cell } = measures;
  const { count, side, overWidth } = shape;
  const columns = Math.min(shape.columns ?? chooseColumns(count, measures), count);
  const size = pageSize(measures, columns, Math.ceil(count / columns));
  const wide = size.width - 2 * margin;
  const cells = Array.from({ length: count }, (_, index): CellLayout => {
    const left = margin + (index % columns) * (cell.width + gap);
    const top = margin + title + subtitle + head + Math.floor(index / columns) * (cell.height + gap);
    return {
      noise: { left, top, width: side, height: side },
      over: { left: left + side + seam, top, width: overWidth, height: side },
      label: { left, top: top + side, width: cell.width, height: label },
      detail: { left, top: top + side + label, width: cell.width, height: detail },
    };
  });
  return {
    ...size,
    title: { left: margin, top: margin, width: wide, height: title },
    subtitle: { left: margin, top: margin + title, width: wide, height: subtitle },
    cells,
  };
}
