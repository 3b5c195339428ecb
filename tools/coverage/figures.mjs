// Coverage by room: by the folders right below lib/ and native/.

/** The room of a file, named from the project's folder: lib/cli/main.ts is in lib/cli, lib/dream.ts in lib. */
function roomOf(file) {
  return file.split('/').slice(0, -1).slice(0, 2).join('/');
}

const percent = ({ covered, lines }) => (lines === 0 ? 100 : (100 * covered) / lines);

/**
 * @param {{ file: string, lines: number, covered: number }[]} files
 * @returns {{ rooms: Map<string, { lines: number, covered: number }>, all: { lines: number, covered: number } }}
 */
export function byRoom(files) {
  const rooms = new Map();
  const all = { lines: 0, covered: 0 };
  for (const { file, lines, covered } of [...files].sort((a, b) => (roomOf(a.file) < roomOf(b.file) ? -1 : 1))) {
    const room = rooms.get(roomOf(file)) ?? { lines: 0, covered: 0 };
    for (const each of [room, all]) {
      each.lines += lines;
      each.covered += covered;
    }
    rooms.set(roomOf(file), room);
  }
  return { rooms, all };
}

const rounded = (part) => percent(part).toFixed(1);

/** A table in Markdown, which docs/coverage.md has. */
export function table({ rooms, all }) {
  const row = (name, part) => `| ${name} | ${part.lines} | ${rounded(part)} % |`;
  const rows = [...rooms].map(([name, part]) => row(`\`${name}\``, part));
  return ['| room | lines | covered |', '| --- | ---: | ---: |', ...rows, row('all', all)].join('\n');
}

/** What CI prints, and whether it is enough. Not rounded up to a bound that is not reached. */
export function verdict(name, { all }, least) {
  const enough = percent(all) >= least;
  const shown = (Math.floor(percent(all) * 10) / 10).toFixed(1);
  const line = `line coverage of ${name}: ${shown} % of ${all.lines} lines${enough ? '' : `, less than ${least} %`}`;
  return { line, enough };
}
