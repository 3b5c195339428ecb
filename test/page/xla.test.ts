import { describe, expect, test } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import { TEST_DEVICE } from '../support/device.js';
import { smallModel } from '../support/models.js';
import { BROWSERS, dreamed, expectNone, opened, served, show, text } from './support.js';

describe.skipIf(!BROWSERS.chrome)('XLA on the page, in Chromium', () => {
  test('is switched, and its difference told in numbers', async () => {
    let other: Dreamer | undefined;
    const model = { graph: smallModel().file, defaultLayer: 'mixed3b', filters: { coral: { layer: 'mixed3a' } } };
    const otherXla = async (): Promise<Dreamer> => {
      other = await Dreamer.load({ model, device: TEST_DEVICE, xla: true });
      return other;
    };
    await using service = await served({ otherXla });
    const browser = await opened();
    const { page, complaints } = await show(browser, `${service.address}#filter=coral&octaves=1&iterations=2&size=96`);
    expect(await text(page, '#xla-about')).toMatch(/By itself this service dreams without it/);
    await page.click('#sample');
    await dreamed(page);
    await page.waitForSelector('#measure:not(:disabled)');
    await page.click('#measure');
    // It compiles, on a machine that others use too.
    await page.waitForFunction(() => document.getElementById('xla-says')?.textContent, { timeout: 150_000 });
    expect(await text(page, '#xla-work')).toBe('coral on 96 x 64 pixels, octaves 1, iterations 2');
    for (const id of ['first', 'later']) {
      expect(await text(page, `#${id}-false`)).toMatch(/^[\d.]+ m?s$/);
      expect(await text(page, `#${id}-true`)).toMatch(/^[\d.]+ m?s$/);
    }
    expect(await text(page, '#compile-true')).not.toMatch(/^(–|0 ms)$/);
    expect(await text(page, '#xla-says')).toMatch(/times as (fast|long)/);
    expect(other?.xla).toBe(true);
    expect(await page.$eval('input#xla', ({ checked }) => checked)).toBe(false);
    expectNone(complaints);
    await browser.close();
    await other?.dispose();
  });

  test('says so where it cannot be switched', async () => {
    await using service = await served();
    const browser = await opened();
    const { page } = await show(browser, service.address);
    expect(await page.$eval('input#xla', ({ disabled, checked }) => [disabled, checked])).toEqual([true, false]);
    expect(await text(page, '#xla-about')).toMatch(/^It cannot be switched here\. .*without it/);
    await page.click('#sample');
    await dreamed(page);
    expect(await page.$eval('button#measure', ({ disabled }) => disabled)).toBe(true);
    await browser.close();
  });
});
