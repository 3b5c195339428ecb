import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { BROWSERS, DESK, dreamed, expectNone, PHONE, show, stage, text } from './support.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules of axe that are broken so that somebody cannot go on, and where. */
async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
}

describe.skipIf(!BROWSERS.chrome)('for everyone, in Chromium', () => {
  const on = stage();

  test.each([
    ['desk', 'light', DESK],
    ['desk', 'dark', DESK],
    ['phone', 'light', PHONE],
    ['phone', 'dark', PHONE],
  ] as const)('axe finds no barrier: %s, %s', async (_width, scheme, viewport) => {
    const { page } = await show(on.browser, on.service.address, viewport);
    // Contrast is measured of colours that stand, not of those on their way.
    const still = { name: 'prefers-reduced-motion', value: 'reduce' };
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }, still]);
    expect(await barriers(page)).toEqual([]);
    await page.click('#sample');
    await dreamed(page);
    expect(await barriers(page)).toEqual([]);
    await page.evaluate(() => {
      for (const fault of document.querySelectorAll<HTMLElement>('#fault, #veil, #readout')) fault.hidden = false;
      document.querySelector<HTMLDialogElement>('#token')?.showModal();
    });
    expect(await barriers(page)).toEqual([]);
    await page.close();
  });

  test('by keys alone: the sample, another filter, compared, stopped', async () => {
    const { page, complaints } = await show(on.browser, on.service.address);
    const at = (): Promise<string> => page.evaluate(() => document.activeElement?.id ?? '');
    const until = async (wanted: (id: string) => boolean): Promise<string[]> => {
      const seen: string[] = [];
      while (!wanted(seen.at(-1) ?? '')) {
        if (seen.length > 40) throw new Error(`not there by 40 tabs: ${seen}`);
        await page.keyboard.press('Tab');
        seen.push(await at());
      }
      return seen;
    };
    // In the order in which things are seen.
    expect((await until((id) => id === 'sample')).slice(1)).toEqual(['theme', 'open', 'camera', 'sample']);
    await page.keyboard.press('Enter');
    await dreamed(page);
    await page.focus('#stage');
    await until((id) => id === 'split');
    await page.keyboard.press('ArrowRight');
    expect(await page.$eval('input#split', ({ value }) => value)).toBe('51');
    await page.focus('.filter :checked');
    await page.keyboard.press('ArrowRight');
    await page.waitForSelector('#after img[alt$="night-sky"]');
    await dreamed(page);
    expect(await text(page, '#status')).toMatch(/^Dreamed/);
    expectNone(complaints);
    await page.close();
  });

  test('what is touched is large enough, and nothing is wider than a phone', async () => {
    const { page } = await show(on.browser, on.service.address, PHONE);
    await page.click('#sample');
    await dreamed(page);
    const small = await page.$$eval('button, select, input:not([hidden]), summary', (elements) =>
      elements
        .filter((element) => element.checkVisibility())
        .map((element) => ({ id: element.id, ...element.getBoundingClientRect().toJSON() }))
        .filter(({ width, height }) => Math.min(width, height) < 24)
        .map(({ id }) => id),
    );
    expect(small).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(PHONE.width);
    await page.close();
  });

  test('no motion for those who want none', async () => {
    const page = await on.browser.newPage();
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    await page.goto(on.service.address);
    await page.waitForSelector('html[data-ready]');
    const drawn = (): Promise<string> =>
      page.$eval('canvas#contours', async (canvas) => {
        for (let frames = 0; frames < 5; frames += 1) await new Promise(requestAnimationFrame);
        return canvas.toDataURL();
      });
    expect(await drawn()).toBe(await drawn());
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'no-preference' }]);
    const moving = await drawn();
    await expect.poll(drawn).not.toBe(moving);
    await page.close();
  });

  test('the theme is that of the system until another is chosen, which stays', async () => {
    const { page } = await show(on.browser, on.service.address);
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    const light = await ground();
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await ground()).not.toBe(light);
    await page.click('#theme');
    expect(await ground()).toBe(light);
    await page.reload();
    expect(await ground()).toBe(light);
    expect(await text(page, '#theme')).toBe('Theme: light');
    await page.close();
  });
});
