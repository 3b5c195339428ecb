import { spawnSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { type Browser, launch, type Page, type SupportedBrowser } from 'puppeteer-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { Dreamer } from '../../lib/dreamer.js';
import type { LocalServiceOptions } from '../../lib/service/plugin.js';
import { serviceOf } from '../service/support.js';
import { TEST_DEVICE } from '../support/device.js';
import { smallModel } from '../support/models.js';
import { counting } from './coverage.js';

function found(...names: readonly string[]): string | undefined {
  const which = (name: string): string => spawnSync('which', [name], { encoding: 'utf8' }).stdout.trim();
  return names.map(which).find((file) => file !== '');
}

/** The system's browsers: tests of what is not there are skipped by name. */
export const BROWSERS = {
  chrome: found('chromium', 'chromium-browser', 'google-chrome'),
  firefox: found('firefox-esr', 'firefox'),
} as const;

const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
/** Root has no sandbox, and CI is root. */
const CHROME = ['--no-sandbox', '--disable-dev-shm-usage', ...CAMERA];
const FIREFOX = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
};

export async function opened(browser: SupportedBrowser = 'chrome'): Promise<Browser> {
  const executablePath = BROWSERS[browser] as string;
  if (browser === 'chrome') return counting(await launch({ browser, executablePath, args: CHROME }));
  return launch({ browser, executablePath, extraPrefsFirefox: FIREFOX });
}

/** A service with a small network, on a port of its own. */
export interface Served extends AsyncDisposable {
  readonly address: string;
  readonly dreamer: Dreamer;
  /** How dreams ended: 'done', or an error's code. */
  readonly ends: string[];
}

/** Notes how each dream ends. */
function noted(dreamer: Dreamer): string[] {
  const ends: string[] = [];
  const dream = dreamer.dream.bind(dreamer);
  dreamer.dream = (picture, options) => {
    const made = dream(picture, options);
    made.then(
      () => ends.push('done'),
      ({ code }: { readonly code: string }) => ends.push(code),
    );
    return made;
  };
  return ends;
}

export async function served(
  options: Omit<LocalServiceOptions, 'dreamer'> & { prefix?: string } = {},
): Promise<Served> {
  const filters = {
    coral: { layer: 'mixed3a' },
    'night-sky': { layer: 'mixed3b', options: { octaves: 2, iterations: 3 } },
    silk: { layer: 'mixed3b', channel: 3 },
  };
  const model = { graph: smallModel().file, defaultLayer: 'mixed3b', filters, defaultOptions: { iterations: 2 } };
  const dreamer = await Dreamer.load({ model, device: TEST_DEVICE });
  const ends = noted(dreamer);
  const app = await serviceOf(dreamer, options);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const address = `http://127.0.0.1:${port}${options.prefix ?? ''}/`;
  const end = async (): Promise<void> => {
    await dreamer.dispose();
    await app.close();
  };
  return { address, dreamer, ends, [Symbol.asyncDispose]: end };
}

/** A page that is ready, and what its console said that it should not: broken rules of the policy come there too. */
export interface Shown {
  readonly page: Page;
  readonly complaints: string[];
}

export const DESK = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844, isMobile: true, hasTouch: true };

export function listenTo(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return complaints;
}

export async function show(browser: Browser, address: string, viewport = DESK): Promise<Shown> {
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  await page.setViewport(viewport);
  const complaints = listenTo(page);
  await page.goto(address);
  await page.waitForSelector('html[data-ready]');
  return { page, complaints };
}

export async function text(page: Page, selector: string): Promise<string> {
  return page.$eval(selector, (element) => element.textContent?.trim() ?? '');
}

/** Waits until a dream is seen beside its picture; throws what went wrong instead. */
export async function dreamed(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const visible = (selector: string): boolean => document.querySelector(selector)?.checkVisibility() ?? false;
    return visible('#fault') || (visible('#compare:not(.alone) #after img') && !visible('#veil'));
  });
  const fault = await page.$eval('#fault', (element) => (element.checkVisibility() ? element.textContent : undefined));
  if (fault) throw new Error(fault);
}

/** The picture that is seen as dreamed, by its first bytes on a canvas of 8 x 8. */
export async function pixels(page: Page, selector = '#after > *'): Promise<string> {
  return page.$eval(selector, (element) => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 8, height: 8 });
    canvas.getContext('2d')?.drawImage(element as HTMLImageElement, 0, 0, 8, 8);
    return canvas.toDataURL();
  });
}

export function expectNone(complaints: readonly string[]): void {
  expect(complaints).toEqual([]);
}

/** A browser and a service for the tests of a group; there from its first test on. */
export function stage(): { readonly browser: Browser; readonly service: Served } {
  let browser: Browser | undefined;
  let service: Served | undefined;
  beforeAll(async () => {
    service = await served();
    browser = await opened();
  });
  afterAll(async () => {
    await browser?.close();
    await service?.[Symbol.asyncDispose]();
  });
  return {
    get browser() {
      return browser as Browser;
    },
    get service() {
      return service as Served;
    },
  };
}
