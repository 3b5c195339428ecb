import type { Browser, SupportedBrowser } from 'puppeteer-core';
import { describe, expect, test } from 'vitest';
import { BROWSERS, expectNone, opened, pixels, type Served, served, show, text } from './support.js';

const ENGINES: readonly SupportedBrowser[] = ['chrome', 'firefox'];

/** A browser with a camera that is none, and a service. */
async function both(engine: SupportedBrowser): Promise<AsyncDisposable & { browser: Browser; service: Served }> {
  const service = await served();
  const browser = await opened(engine);
  const end = async (): Promise<void> => {
    await browser.close();
    await service[Symbol.asyncDispose]();
  };
  return { browser, service, [Symbol.asyncDispose]: end };
}

describe.each(ENGINES)('the camera in %s', (engine) => {
  test.skipIf(!BROWSERS[engine])('is dreamed, frame after frame, until it is stopped', async () => {
    await using shown = await both(engine);
    const { page, complaints } = await show(shown.browser, shown.service.address);
    const frame = async (): Promise<number> => Number(await text(page, '#number'));
    await page.click('#camera');
    await page.waitForFunction(() => Number(document.getElementById('number')?.textContent) > 3);
    const [before, seen] = [await frame(), await pixels(page, '#after canvas')];
    await page.waitForFunction(
      (least) => Number(document.getElementById('number')?.textContent) > least,
      {},
      before + 5,
    );
    await expect.poll(() => pixels(page, '#after canvas')).not.toBe(seen);
    expect(Number(await text(page, '#rate'))).toBeGreaterThan(0);
    expect(await text(page, '#latency')).toMatch(/^\d+ ms$/);
    // The preset of cameras, as the socket tells it.
    expect(await text(page, 'output[for="slide-octaves"]')).toBe('2');

    await page.focus('#slide-octaves');
    await page.keyboard.press('Home');
    await page.waitForFunction(() => document.querySelector('output[for="slide-octaves"]')?.textContent === '1');
    const changed = await frame();
    await page.waitForFunction(
      (least) => Number(document.getElementById('number')?.textContent) > least,
      {},
      changed + 3,
    );

    await page.click('#dream');
    await page.waitForSelector('#readout', { hidden: true });
    await page.waitForSelector('#before img[alt="camera, before"]');
    const off = await page.evaluate(() => document.querySelector('video') === null);
    expect(off).toBe(true);
    await page.click('#dream');
    await page.waitForSelector('#after img[alt^="camera, dreamed"]');

    // Another picture in the place of a camera that is on.
    await page.click('#camera-again');
    await page.waitForSelector('#compare:not(.alone) #after canvas');
    await page.evaluate(() => document.getElementById('sample')?.click());
    await page.waitForSelector('#after img[alt^="sample, dreamed"]');
    expect(await page.$eval('#before img', (image) => image.getAttribute('alt'))).toBe('sample, before');
    expectNone(complaints);
  });
});
