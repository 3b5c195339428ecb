// Does a dream show what its filter is called? Another network's answers against the filter's classes, and against those of
// every other filter, which tells what chance would find.

/** The classes that a filter dreams, or undefined where it dreams a whole layer or channels without names. */
export function classesOf(filter) {
  const channels = filter.channels ?? (filter.channel === undefined ? [] : [filter.channel]);
  const names = channels.map((each) => (typeof each === 'object' && each !== null ? each.channel : each));
  return names.length > 0 && names.every((name) => typeof name === 'string') ? names : undefined;
}

/**
 * @param {Record<string, string[]>} expected the classes of each filter
 * @param {Record<string, string[]>} seen what the other network names in each filter's dream, the likeliest first
 * @param {number} first how many of these names count
 */
export function score(expected, seen, first = 5) {
  const filters = Object.keys(expected);
  const named = (filter, classes) => seen[filter].slice(0, first).some((name) => classes.includes(name));
  const rows = filters.map((filter) => {
    const others = filters.filter(
      (other) => other !== filter && !expected[other].some((name) => expected[filter].includes(name)),
    );
    const wrong = others.filter((other) => named(filter, expected[other])).length;
    return {
      filter,
      classes: expected[filter],
      seen: seen[filter].slice(0, first),
      hit: named(filter, expected[filter]),
      byChance: others.length === 0 ? 0 : wrong / others.length,
    };
  });
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return {
    first,
    filters: rows.length,
    hits: mean(rows.map(({ hit }) => Number(hit))),
    shuffled: mean(rows.map(({ byChance }) => byChance)),
    rows,
  };
}

/** The score as a table of Markdown. */
export function markdown({ first, filters, hits, shuffled, rows }) {
  const percent = (share) => `${(100 * share).toFixed(1)} %`;
  return [
    `${percent(hits)} of ${filters} filters have a class of theirs among the first ${first}; with the names of other filters ${percent(shuffled)}.`,
    '',
    `| filter | its classes | the first ${first} of the other network | |`,
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ filter, classes, seen, hit }) =>
        `| ${filter} | ${classes.join(', ')} | ${seen.join(', ')} | ${hit ? 'yes' : 'no'} |`,
    ),
    '',
  ].join('\n');
}
