// Text for terminals, plain: as wide as they are, 80 columns where nobody says.

export function terminalWidth(): number {
  return Math.max(process.stdout.columns ?? 80, 40);
}

/** A row of a table: texts, numbers to the right. */
export type Row = readonly (string | number)[];

/** A table with its heads, as columns with two spaces between them. With `cut` a terminal's lines end at its width. */
export function table(heads: Row, rows: readonly Row[], cut?: 'cut'): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => String(row[column] ?? '').length)));
  const isNumber = heads.map((_, column) => rows.some((row) => typeof row[column] === 'number'));
  const line = (row: Row): string => {
    const cells = widths.map((width, column) => {
      const text = String(row[column] ?? '');
      return isNumber[column] ? text.padStart(width) : text.padEnd(width);
    });
    const text = cells.join('  ').trimEnd();
    return cut ? fitted(text) : text;
  };
  return `${all.map(line).join('\n')}\n`;
}

/** A script gets all of it. */
function fitted(line: string): string {
  const width = terminalWidth();
  return process.stdout.isTTY && line.length > width ? `${line.slice(0, width - 1)}…` : line;
}

/** Lines of words, none longer than the terminal is wide where the words allow it; all but the first begin with `indent` spaces. */
export function wrapped(text: string, indent: number, first = ''): string {
  const width = terminalWidth() - 1;
  const lines: string[] = [];
  let line = first.padEnd(indent);
  let empty = true;
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (!empty && line.length + 1 + word.length > width) {
      lines.push(line);
      line = ' '.repeat(indent);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return `${[...lines, line].join('\n')}\n`;
}

/** Such as 4.0 MB. */
export function megabytes(bytes: number): string {
  const [value, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${value < 100 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}
