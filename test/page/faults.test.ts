import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BROWSERS, dreamed, expectNone, listenTo, opened, served, show, text } from './support.js';

const TOKEN = 'correct-horse-battery';

describe.skipIf(!BROWSERS.chrome)('what goes wrong, in Chromium', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await opened();
  });
  afterAll(async () => {
    await browser?.close();
  });

  test('a service with a token asks for it, and it is kept for the tab alone', async () => {
    await using service = await served({ token: TOKEN });
    const page = await browser.newPage();
    page.setDefaultTimeout(20_000);
    listenTo(page);
    await page.goto(service.address);
    await page.waitForSelector('#token[open]');
    await page.type('#token-text', 'not the token at all');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.getElementById('token-wrong')?.textContent?.includes('not the token'));
    await page.type('#token-text', TOKEN);
    await page.keyboard.press('Enter');
    await page.waitForSelector('html[data-ready]');
    await page.click('#sample');
    await dreamed(page);
    await page.click('#camera-again');
    await page.waitForFunction(() => Number(document.getElementById('number')?.textContent) > 2);
    await page.reload();
    await page.waitForSelector('html[data-ready]');
    const kept = await page.evaluate(() => [JSON.stringify(localStorage), location.href, document.cookie].join());
    expect(kept).not.toContain(TOKEN);
    await page.close();
  });

  test('a picture that is none', async () => {
    await using service = await served();
    const { page, complaints } = await show(browser, service.address);
    const chosen = page.waitForFileChooser();
    await page.click('#open');
    await (await chosen).accept(['package.json']);
    await page.waitForSelector('#fault', { visible: true });
    expect(await text(page, '#fault')).toMatch(/cannot read that file as a picture\. Choose a JPEG/);
    expect(await page.$eval('#fault', (element) => element.getAttribute('role'))).toBe('alert');
    await page.click('#fault-close');
    await page.waitForSelector('#fault', { hidden: true });
    expectNone(complaints);
    await page.close();
  });

  test('what the service refuses, in its own words and with what to do', async () => {
    await using service = await served({ pixelLimit: 100_000 });
    const { page } = await show(browser, `${service.address}#size=1024`);
    await page.click('#sample');
    await page.waitForSelector('#fault', { visible: true });
    expect(await text(page, '#fault')).toMatch(/takes at most 100000.*Choose a smaller longest side/);
    await page.select('#size', '320');
    await page.waitForSelector('#fault', { hidden: true });
    await dreamed(page);
    await page.close();
  });

  test('a service that is gone, and comes again', async () => {
    await using service = await served();
    const { page } = await show(browser, service.address);
    await page.click('#sample');
    await dreamed(page);
    await page.setOfflineMode(true);
    await page.click('#dream');
    await page.waitForSelector('#fault', { visible: true });
    expect(await text(page, '#fault')).toMatch(/does not answer\. See whether it still runs/);
    await page.setOfflineMode(false);
    await page.click('#fault-again');
    await page.waitForSelector('#fault', { hidden: true });
    await dreamed(page);
    await page.close();
  });

  test('a camera that is not allowed', async () => {
    await using service = await served();
    const { page } = await show(browser, service.address);
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
    });
    await page.click('#camera');
    await page.waitForSelector('#fault', { visible: true });
    expect(await text(page, '#fault')).toMatch(/was not allowed\. Allow it in the browser/);
    expect(await page.$eval('#empty', (element) => element.checkVisibility())).toBe(true);
    await page.close();
  });

  test('a socket that closes says why, and the last picture stays', async () => {
    await using service = await served();
    const { page } = await show(browser, service.address);
    await page.click('#camera');
    await page.waitForFunction(() => Number(document.getElementById('number')?.textContent) > 2);
    await service.dreamer.dispose();
    await page.waitForSelector('#fault', { visible: true });
    expect(await text(page, '#fault')).toMatch(/stops|gone/);
    await page.waitForSelector('#before img[alt="camera, before"]');
    await page.close();
  });
});
