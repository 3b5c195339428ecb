// npm run site: the documentation as a static site in .cache/site/site: the pages of the repository (tools/site/pages.mjs), and the
// reference, which TypeDoc makes of lib/. Links that lead nowhere are an error.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { orExit, root, runLogged, SetupError, step } from './setup/step.mjs';
import { writePages } from './site/pages.mjs';

const home = path.join(root, 'tools/site');
const folder = path.join(root, '.cache/site');
const pages = path.join(folder, 'pages');

orExit(() => {
  step({
    name: 'site-packages',
    doing: "installing what the documentation's site is made with",
    inputs: ['tools/site/package.json', 'tools/site/package-lock.json'],
    outputs: ['tools/site/node_modules'],
    run: () =>
      runLogged('site-packages', 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', home]),
  });
  rmSync(pages, { recursive: true, force: true });
  mkdirSync(pages, { recursive: true });
  // Where VitePress looks for it.
  mkdirSync(path.join(folder, '.vitepress'), { recursive: true });
  const config = JSON.stringify(pathToFileURL(path.join(home, 'config.mjs')).href);
  writeFileSync(path.join(folder, '.vitepress/config.mjs'), `export { default } from ${config};\n`);
  cpSync(path.join(home, 'theme'), path.join(folder, '.vitepress/theme'), { recursive: true });
  const dead = writePages(pages);
  if (dead.length > 0) throw new SetupError(`These links lead nowhere:\n${dead.join('\n')}`);
  const tool = (name, program, ...args) =>
    runLogged(`site-${name}`, process.execPath, [path.join(home, 'node_modules', program), ...args], {
      env: { LIVEDREAM_SITE: folder },
    });
  tool('reference', 'typedoc/bin/typedoc', '--options', path.join(home, 'typedoc.json'));
  tool('pages', 'vitepress/bin/vitepress.js', 'build', folder);
  console.log(path.join(folder, 'site/index.html'));
});
