// What a dream did to its picture: how much of it changed, and whether colours were driven to their ends.

const BLOCK = 32;
const ALIVE = 3; // of 255, the mean change of a block from which it counts as dreamed on

/** The share of samples at 0 or 255. */
function saturated(data) {
  let count = 0;
  for (const value of data) if (value === 0 || value === 255) count += 1;
  return count / data.length;
}

/** The mean change of each whole block of 32 x 32 pixels. */
function blockChanges(before, after, width, height) {
  const changes = [];
  for (let top = 0; top + BLOCK <= height; top += BLOCK) {
    for (let left = 0; left + BLOCK <= width; left += BLOCK) {
      let sum = 0;
      for (let row = top; row < top + BLOCK; row += 1) {
        const start = (row * width + left) * 3;
        for (let at = start; at < start + BLOCK * 3; at += 1) sum += Math.abs(after[at] - before[at]);
      }
      changes.push(sum / (BLOCK * BLOCK * 3));
    }
  }
  return changes;
}

/**
 * @param {Uint8Array} before RGB, interleaved
 * @param {Uint8Array} after the dream, of the same size
 * @returns `alive`, the share of blocks that changed; `change`, the mean change of 255; `saturation`, how many more samples are at
 * an end of their range than before, as a share of all
 */
export function change(before, after, width, height) {
  const changes = blockChanges(before, after, width, height);
  return {
    alive: changes.filter((each) => each > ALIVE).length / changes.length,
    change: changes.reduce((sum, each) => sum + each, 0) / changes.length,
    saturation: saturated(after) - saturated(before),
  };
}

const LEAST_ALIVE = 0.95;
const MOST_SATURATION = 0.01;

/** A table of Markdown: a filter a line, with what does not hold. */
export function changeTable(rows) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  return [
    '| filter | blocks changed | mean change | more saturated | |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(({ filter, alive, change: mean, saturation }) => {
      const faults = [alive < LEAST_ALIVE && 'dead areas', saturation > MOST_SATURATION && 'saturated'].filter(Boolean);
      return `| ${filter} | ${percent(alive)} | ${mean.toFixed(1)} | ${percent(saturation)} | ${faults.join(', ')} |`;
    }),
    '',
  ].join('\n');
}
