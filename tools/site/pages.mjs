// The pages that the site has: docs/ and what else is written for readers, with links that hold there.
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../setup/step.mjs';

/** Pages in the repository, as they are called on the site; docs/*.md keep their names, and README.md is its front page. */
const ELSEWHERE = {
  'README.md': 'index.md',
  'CONTRIBUTING.md': 'contributing.md',
  'CHANGELOG.md': 'changelog.md',
  'SECURITY.md': 'security.md',
  'models/dream/README.md': 'embedded-model.md',
  'tools/train/README.md': 'training.md',
  'tools/judge/README.md': 'judging.md',
};

const PICTURE = /\.(jpg|png|svg|webp)$/;

function pages() {
  const found = new Map(Object.entries(ELSEWHERE));
  for (const name of readdirSync(path.join(root, 'docs'))) if (name.endsWith('.md')) found.set(`docs/${name}`, name);
  for (const name of readdirSync(path.join(root, 'examples'), { withFileTypes: true }))
    if (existsSync(path.join(root, 'examples', name.name, 'README.md')))
      found.set(`examples/${name.name}/README.md`, `example-${name.name}.md`);
  return found;
}

/** What GitHub and VitePress call the headings of a page. */
function anchorsOf(text) {
  const headings = text.replace(/```[\s\S]*?```/g, '').matchAll(/^#+ (.*)$/gm);
  return new Set(
    Array.from(headings, ([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Code, which stays as it is; or what leads elsewhere: a link or picture of Markdown, or an HTML one. */
const CODE_OR_LINK = /(```[\s\S]*?```|`[^`\n]*`)|(\]\(|(?:src|href)=")([^)"\s#]+)(#[^)"\s]*)?([)"])/g;

/**
 * Writes the pages into a folder. A link to a page leads to it; one to another file of the repository to a copy, as text, below
 * `public/source`; pictures are copied.
 * @returns {string[]} the links that lead to no file, or to no heading of a page, each with its page
 */
export function writePages(folder) {
  const known = pages();
  const dead = [];
  const copy = (from, to) => {
    mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
    copyFileSync(path.join(root, from), path.join(folder, to));
  };
  const anchors = new Map(
    [...known.keys()].map((source) => [source, anchorsOf(readFileSync(path.join(root, source), 'utf8'))]),
  );
  /** Where a link of a page leads on the site. */
  const place = (source, target, anchor) => {
    let file = path.posix.normalize(path.posix.join(path.posix.dirname(source), decodeURI(target)));
    if (existsSync(path.join(root, file, 'README.md'))) file = path.posix.join(file, 'README.md');
    if (known.has(file)) {
      if (anchor !== '' && !anchors.get(file)?.has(anchor.slice(1))) dead.push(`${source}: ${target}${anchor}`);
      return `./${known.get(file)}`;
    }
    const isFile = existsSync(path.join(root, file)) && statSync(path.join(root, file)).isFile();
    if (!isFile) {
      if (!existsSync(path.join(root, file))) dead.push(`${source}: ${target}`);
      return undefined;
    }
    if (PICTURE.test(file)) {
      copy(file, `public/${file}`);
      return `/${file}`;
    }
    copy(file, `public/source/${file}.txt`);
    return `/source/${file}.txt`;
  };
  mkdirSync(folder, { recursive: true });
  for (const [source, page] of known) {
    const text = readFileSync(path.join(root, source), 'utf8');
    const moved = text.replace(CODE_OR_LINK, (whole, code, open, target, anchor = '', close) => {
      if (code !== undefined || /^\w+:/.test(target)) return whole;
      const there = place(source, target, anchor);
      if (there !== undefined) return open + there + anchor + close;
      return open === '](' ? ']' : whole;
    });
    writeFileSync(path.join(folder, page), moved);
  }
  return dead;
}
