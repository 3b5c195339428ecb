import { describe, expect, test } from 'vitest';
import { BROWSERS, dreamed, expectNone, pixels, show, stage, text } from './support.js';

describe.skipIf(!BROWSERS.chrome)('a picture, in Chromium', () => {
  const on = stage();

  test('the sample is dreamed, and a filter that is chosen dreams it otherwise', async () => {
    const { page, complaints } = await show(on.browser, on.service.address);
    await page.click('#sample');
    await dreamed(page);
    const first = await pixels(page);
    expect(first).not.toBe(await pixels(page, '#before > *'));
    expect(await text(page, '#status')).toMatch(/^Dreamed in .*compares before and after\.$/);
    await page.click('.filter [value="silk"]');
    await page.waitForSelector('#after img[alt="sample, dreamed with silk"]');
    await dreamed(page);
    expect(await pixels(page)).not.toBe(first);
    expectNone(complaints);
    await page.close();
  });

  test('a file that is chosen is dreamed by the sliders, and as the filter has it after a reset', async () => {
    const { page, complaints } = await show(on.browser, on.service.address);
    await page.click('.filter [value="night-sky"]');
    expect(await page.$eval('input#slide-octaves', ({ value }) => value)).toBe('2');
    const chosen = page.waitForFileChooser();
    await page.click('#open');
    await (await chosen).accept(['docs/images/sample.jpg']);
    await dreamed(page);
    const before = on.service.dreamer.statistics().steps;
    await page.focus('#slide-octaves');
    await page.keyboard.press('Home');
    const asked = await page.waitForRequest((request) => request.url().includes('octaves=1'));
    await dreamed(page);
    expect(new URL(asked.url()).searchParams.get('filter')).toBe('night-sky');
    expect(on.service.dreamer.statistics().steps - before).toBe(3);
    expect(await text(page, '#help')).toMatch(/How many sizes/);
    await page.click('#reset');
    const again = await page.waitForRequest((request) => request.url().includes('/v1/dreams'));
    expect(new URL(again.url()).searchParams.get('octaves')).toBeNull();
    await dreamed(page);
    expectNone(complaints);
    await page.close();
  });

  test('a picture may be dropped or pasted', async () => {
    const { page, complaints } = await show(on.browser, on.service.address);
    const carried = (kind: 'drop' | 'paste') =>
      page.evaluate(async (type) => {
        const bytes = await (await fetch('page/sample.jpg')).blob();
        const data = new DataTransfer();
        data.items.add(new File([bytes], `${type}ped.jpg`, { type: 'image/jpeg' }));
        const event =
          type === 'drop'
            ? new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true })
            : new ClipboardEvent(type, { clipboardData: data, bubbles: true });
        document.body.dispatchEvent(event);
      }, kind);
    await carried('drop');
    await page.waitForSelector('#after img[alt^="dropped, dreamed"]');
    await carried('paste');
    await page.waitForSelector('#after img[alt^="pasted, dreamed"]');
    expectNone(complaints);
    await page.close();
  });

  test('before and after are compared with the pointer and with keys', async () => {
    const { page } = await show(on.browser, on.service.address);
    await page.click('#sample');
    await dreamed(page);
    const split = () => page.$eval('div#compare', (element) => element.style.getPropertyValue('--split'));
    expect(await split()).toBe('50%');
    await page.focus('#split');
    await page.keyboard.press('ArrowLeft');
    expect(await split()).toBe('49%');
    await page.keyboard.press('End');
    expect(await page.$eval('#split', (element) => element.getAttribute('aria-valuetext'))).toBe(
      '100 % before, 0 % after',
    );
    const box = await (await page.$('#split'))?.boundingBox();
    if (!box) throw new Error('the slider has no place');
    await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
    expect(Number.parseInt(await split(), 10)).toBeGreaterThan(15);
    expect(Number.parseInt(await split(), 10)).toBeLessThan(35);
    await page.close();
  });

  test('a dream is shown as it comes, and can be stopped', async () => {
    const { page, complaints } = await show(on.browser, on.service.address);
    await page.click('#sample');
    await dreamed(page);
    await page.select('#size', '1600');
    await page.focus('#slide-iterations');
    await page.keyboard.press('End');
    await page.waitForFunction(() => document.getElementById('doing')?.textContent?.startsWith('Octave'));
    await page.waitForSelector('#after img[alt=""]');
    await page.click('#dream');
    await page.waitForSelector('#veil', { hidden: true });
    // What it was going to be is no longer seen, and what was finished is.
    await page.waitForSelector('#after img[alt="sample, dreamed with coral"]');
    expect(await text(page, '#dream')).toBe('Dream');
    await expect.poll(() => on.service.ends.at(-1)).toBe('ERR_LIVEDREAM_ABORTED');
    expectNone(complaints);
    await page.close();
  });
});
