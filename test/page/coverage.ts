import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import packageRoot from '#package-root';

/** What a page ran, written as Node writes what a process ran; the scripts by their places in dist/. */
async function keep(page: Page, folder: string): Promise<void> {
  const entries = await page.coverage.stopJSCoverage();
  const result = entries.map(({ url, rawScriptCoverage }) => {
    const file = path.join(packageRoot, 'dist/page', path.basename(new URL(url).pathname));
    return { ...rawScriptCoverage, url: pathToFileURL(file).href };
  });
  await writeFile(path.join(folder, `coverage-page-${randomUUID()}.json`), JSON.stringify({ result }));
}

/** Lets a Chromium count what its pages run, where coverage is measured: docs/coverage.md. */
export function counting(browser: Browser): Browser {
  const folder = process.env['LIVEDREAM_COVERAGE'];
  if (folder === undefined) return browser;
  const newPage = browser.newPage.bind(browser);
  const closeBrowser = browser.close.bind(browser);
  browser.newPage = async (...args) => {
    const page = await newPage(...args);
    await page.coverage.startJSCoverage({ resetOnNavigation: false, includeRawScriptCoverage: true });
    const close = page.close.bind(page);
    let kept: Promise<void> | undefined;
    page.close = async (...options) => {
      kept ??= keep(page, folder);
      await kept;
      await close(...options);
    };
    return page;
  };
  browser.close = async () => {
    for (const page of await browser.pages()) await page.close();
    await closeBrowser();
  };
  return browser;
}
