import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RECIPE_VERSION as OF_PAGE } from '../../lib/page/settings.js';
import { RECIPE_VERSION } from '../../lib/recipe/fields.js';
import { readRecipe } from '../../lib/recipe/read.js';
import { readParameters } from '../../lib/replay/read-parameters.js';
import { BROWSERS, dreamed, expectNone, show, stage, text } from './support.js';

test('the page reads the version of recipes that everything else does', () => {
  expect(OF_PAGE).toBe(RECIPE_VERSION);
});

describe.skipIf(!BROWSERS.chrome)('recipes, in Chromium', () => {
  const on = stage();
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'livedream-recipe-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  async function opened(page: Page, name: string, recipe: unknown): Promise<void> {
    const file = path.join(folder, name);
    writeFileSync(file, typeof recipe === 'string' ? recipe : JSON.stringify(recipe));
    const chosen = page.waitForFileChooser();
    await page.click('#recipe-open');
    await (await chosen).accept([file]);
  }

  test('the settings are saved as a recipe, which opens as the same settings', async () => {
    const { page, complaints } = await show(on.browser, `${on.service.address}#filter=silk&octaves=2&seed=7&size=240`);
    const client = await page.createCDPSession();
    await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
    await page.click('#recipe-save');
    const name = 'silk.recipe.json';
    await expect.poll(() => readdirSync(folder), { timeout: 10_000 }).toContain(name);
    const saved = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as object;
    const options = { filter: 'silk', octaves: 2, seed: 7, size: 240 };
    expect(saved).toEqual({ recipe: 1, model: on.service.dreamer.model, options });
    expect(await readRecipe(saved)).toMatchObject({ options });
    await page.click('.filter [value="coral"]');
    await page.click('#dice');
    await opened(page, 'again.json', saved);
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#seed')?.value === '7');
    expect(await page.$eval('.filter [value="silk"]', (input) => (input as HTMLInputElement).checked)).toBe(true);
    expect(await text(page, '#note')).toBe("The settings are those of 'again.json'.");
    expectNone(complaints);
    await page.close();
  });

  test('what the page has no control for is dreamed and named, until a filter is chosen and all is reset', async () => {
    const { page, complaints } = await show(on.browser, on.service.address);
    const options = { layer: 'mixed3a', channel: 3, octaves: 2, iterations: [2, 1], normalize: 'smooth', size: 64 };
    const client = await page.createCDPSession();
    await client.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
    await opened(page, 'rich.json', { recipe: 1, options, output: { format: 'webp' } });
    await page.waitForSelector('#recipe-more:not([hidden])');
    expect(await text(page, '#recipe-more')).toMatch(/: layer, channel, iterations, normalize\.$/);
    expect(await text(page, 'output[for="slide-iterations"]')).toBe('2');
    const asked = page.waitForRequest((request) => request.url().includes('/v1/dreams'));
    await page.click('#sample');
    expect(new URL((await asked).url()).search).toBe('');
    await dreamed(page);
    await page.click('#download');
    await expect.poll(() => readdirSync(folder), { timeout: 10_000 }).toContain('sample-dream.webp');
    const { layer: _layer, channel: _channel, ...values } = options;
    expect(await readParameters(path.join(folder, 'sample-dream.webp'))).toMatchObject({
      ...values,
      objective: { layer: 'mixed3a', channels: [{ channel: 3, weight: 1 }] },
    });
    await page.click('.filter [value="coral"]');
    expect(await text(page, '#recipe-more')).toMatch(/: iterations, normalize\.$/);
    await page.click('#reset');
    expect(await page.$eval('#recipe-more', (element) => (element as HTMLElement).hidden)).toBe(true);
    await page.waitForSelector('#after img[alt="sample, dreamed with coral"]');
    expectNone(complaints);
    await page.close();
  });

  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /'wrong\.json' is no JSON/],
    ['no recipe', { options: {} }, /no recipe.*field 'recipe'/],
    ['of a later version', { recipe: 2 }, /of version 2, and this page knows version 1.*updated/],
    ['for another model', { recipe: 1, model: 'other' }, /for the model "other".*Leave out/],
    ['of a filter that there is not', { recipe: 1, options: { filter: 'no' } }, /'options\.filter' .*"no"/],
    ['of a format that it does not write', { recipe: 1, output: { format: 'tiff' } }, /'output\.format' .*"tiff".*png/],
    ['of an output that is none', { recipe: 1, output: 'webp' }, /'output' of the recipe is no object/],
    ['of too many octaves', { recipe: 1, options: { octaves: 99 } }, /'options\.octaves' of the recipe is 99/],
  ])('a file that is %s is told of, and changes nothing', async (_what, recipe, message) => {
    const { page } = await show(on.browser, `${on.service.address}#filter=silk&seed=5`);
    await opened(page, 'wrong.json', recipe);
    await page.waitForSelector('#fault:not([hidden])');
    expect(await text(page, '#fault')).toMatch(message);
    expect(await page.$eval('input#seed', ({ value }) => value)).toBe('5');
    await page.close();
  });

  test('what only the service can tell to be wrong, it tells', async () => {
    const { page } = await show(on.browser, on.service.address);
    await opened(page, 'service.json', { recipe: 1, options: { equalise: 'channels' } });
    await page.click('#sample');
    await page.waitForSelector('#fault:not([hidden])');
    expect(await text(page, '#fault')).toMatch(/equalise/);
    await page.close();
  });
});
