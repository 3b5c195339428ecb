// What V8 counted in the built library, told by the lines of lib/: command line, worker threads, what tests start, the page.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { mergeScriptCovs } from '@bcoe/v8-coverage';
import { convert } from 'ast-v8-to-istanbul';
import libCoverage from 'istanbul-lib-coverage';
import { parseAstAsync } from 'vitest/node';
import { root } from '../setup/step.mjs';

/** So many processes' counts are held before they are made one. */
const HELD = 16;

/** A script's name in dist/, if it is one of livedream's: tests run copies of the package and installed ones too. */
function builtName(url) {
  const modules = '/node_modules/';
  const last = url.lastIndexOf(modules);
  const inside = last < 0 ? url : url.slice(last + modules.length - 1);
  if (last >= 0 && !inside.startsWith('/livedream/')) return undefined;
  return inside.match(/\/dist\/((?:esm|cjs|page)\/.*\.js)$/)?.[1];
}

/** How many characters a script has: its outermost function is all of it. */
function lengthOf({ functions }) {
  return Math.max(0, ...functions.map(({ ranges }) => ranges[0].endOffset));
}

/** The scripts of dist/, read once. The page's have no maps there: `pages` is where they are built with them. */
class Built {
  #known = new Map();

  constructor(pages) {
    this.pages = pages;
  }

  #read(name) {
    const shipped = path.join(root, 'dist', name);
    const mapped = name.startsWith('page/') ? path.join(this.pages, name.slice('page/'.length)) : shipped;
    if (!existsSync(shipped) || !existsSync(`${mapped}.map`)) return undefined;
    const sourceMap = JSON.parse(readFileSync(`${mapped}.map`, 'utf8'));
    return { name, code: readFileSync(shipped, 'utf8'), sourceMap, url: pathToFileURL(mapped).href };
  }

  of(name) {
    if (!this.#known.has(name)) this.#known.set(name, this.#read(name));
    return this.#known.get(name);
  }
}

/** Adds up what is held of each script. */
function merged(counts) {
  for (const [name, each] of counts) if (each.length > 1) counts.set(name, [mergeScriptCovs(each)]);
}

/** What imports and exports become in CommonJS: they are no lines of a program there as they are none in modules. */
function ignoreNode(node, type) {
  if (type === 'branch') return false;
  const code = node.type === 'VariableDeclarator' ? node.init : node.expression;
  if (code?.type !== 'CallExpression') return false;
  const { callee, arguments: given } = code;
  if (callee.name === 'require' || given[0]?.callee?.name === 'require') return true;
  const exported = callee.object?.name === 'Object' && given[0]?.name === 'exports';
  return exported || callee.name === '__exportStar' ? 'ignore-this-and-nested-nodes' : false;
}

/**
 * @param {string} folder of what NODE_V8_COVERAGE made, each file that of one process or thread
 * @param {string} pages where the page is built with source maps
 * @returns {Promise<{ coverageMap: libCoverage.CoverageMap, page: boolean }>} `page`: whether a browser counted the page
 */
export async function coverageOfBuilt(folder, pages) {
  const built = new Built(pages);
  const counts = new Map();
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  for (const [index, file] of files.entries()) {
    for (const script of JSON.parse(readFileSync(path.join(folder, file), 'utf8')).result) {
      const name = builtName(script.url);
      const source = name === undefined ? undefined : built.of(name);
      // Another build's script of that name has other lines.
      if (source === undefined || lengthOf(script) !== source.code.length) continue;
      counts.set(name, [...(counts.get(name) ?? []), script]);
    }
    if (index % HELD === HELD - 1) merged(counts);
  }
  merged(counts);
  const map = libCoverage.createCoverageMap({});
  for (const [name, [{ functions }]] of counts) {
    const { code, sourceMap, url } = built.of(name);
    map.merge(await convert({ ast: parseAstAsync(code), code, sourceMap, coverage: { url, functions }, ignoreNode }));
  }
  return { coverageMap: map, page: [...counts.keys()].some((name) => name.startsWith('page/')) };
}
