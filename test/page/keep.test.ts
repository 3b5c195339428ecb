import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { embeddedParameters } from '../../lib/image/parameters.js';
import { BROWSERS, dreamed, expectNone, show, stage, text } from './support.js';

/** The file that the browser saves next, whole. */
async function saved(page: Page, folder: string, name: string): Promise<Buffer> {
  await page.click('#download');
  await expect.poll(() => readdirSync(folder), { timeout: 10_000 }).toContain(name);
  return readFileSync(path.join(folder, name));
}

describe.skipIf(!BROWSERS.chrome)('what is kept of a dream, in Chromium', () => {
  const on = stage();

  test.each([
    ['PNG', 'png'],
    ['JPEG', 'jpg'],
    ['WebP', 'webp'],
  ])('a %s with the parameters in it', async (format, extension) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'livedream-saved-'));
    const { page, complaints } = await show(on.browser, `${on.service.address}#filter=silk&seed=18446744073709551615`);
    const client = await page.createCDPSession();
    await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
    await page.click('#sample');
    await dreamed(page);
    const formats = await page.$$eval('select#format option', (options) =>
      options.map(({ textContent, value }) => [textContent, (value as string | undefined) ?? '']),
    );
    await page.select('#format', formats.find(([name]) => name === format)?.[1] ?? '');
    const bytes = await saved(page, folder, `sample-silk.${extension}`);
    expect((await sharp(bytes).metadata()).format).toBe(format.toLowerCase());
    expect(await embeddedParameters(bytes)).toMatchObject({
      filter: 'silk',
      seed: '18446744073709551615',
      model: on.service.dreamer.model,
      modelSha256: on.service.dreamer.modelSha256,
      livedream: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    expect((await sharp(bytes).raw().toBuffer()).length).toBeGreaterThan(1000);
    expectNone(complaints);
    await page.close();
    rmSync(folder, { recursive: true });
  });

  test('a link holds the settings, and opens with them', async () => {
    const { page } = await show(on.browser, on.service.address);
    await page.click('.filter [value="night-sky"]');
    await page.focus('#slide-step');
    await page.keyboard.press('ArrowRight');
    const step = await text(page, 'output[for="slide-step"]');
    await page.click('#dice');
    const seed = await page.$eval('input#seed', ({ value }) => value);
    await page.select('#size', '320');
    await page.click('#share');
    await page.waitForFunction(() => location.hash.length > 1);
    expect(await text(page, '#note')).toMatch(/^The link .* not the picture\.$/);
    const { hash } = new URL(page.url());
    expect(Object.fromEntries(new URLSearchParams(hash.slice(1)))).toMatchObject({
      filter: 'night-sky',
      octaves: '2',
      size: '320',
      seed,
    });

    const other = await show(on.browser, `${on.service.address}${hash}`);
    expect(await other.page.$eval('.filter [value="night-sky"]', (input) => input.matches(':checked'))).toBe(true);
    expect(await text(other.page, 'output[for="slide-step"]')).toBe(step);
    expect(await other.page.$eval('input#seed', ({ value }) => value)).toBe(seed);
    expect(await other.page.$eval('select#size', ({ value }) => value)).toBe('320');
    expectNone(other.complaints);
    await other.page.close();
    await page.close();
  });

  test('what a link holds that the service does not take is as if it were not there', async () => {
    const hash = '#filter=__proto__&octaves=1e9&step=-1&iterations=two&seed=<b>&size=7.5&blend=NaN&octaveScale=';
    const { page, complaints } = await show(on.browser, `${on.service.address}${hash}`);
    expect(await page.$eval('.filter [value="coral"]', (input) => input.matches(':checked'))).toBe(true);
    expect(await text(page, 'output[for="slide-octaves"]')).toBe('4');
    expect(await page.$eval('button#reset', ({ disabled }) => disabled)).toBe(true);
    expect(await page.$eval('input#seed', ({ value }) => value)).toBe('0');
    await page.click('#sample');
    await dreamed(page);
    expectNone(complaints);
    await page.close();
  });
});
