import sharp, { type OverlayOptions } from 'sharp';
import type { Size } from '../size.js';
import { withContrast } from './contrast.js';
import type { Box, PageLayout } from './layout.js';
import { drawType } from './type.js';

/** The pixels of a dream. */
export interface Drawn extends Size {
  /** RGB, interleaved. */
  readonly data: Uint8Array;
}

/** A cell that is finished, with what stands below it. */
export interface DrawnCell {
  readonly label: string;
  readonly detail: string;
  readonly noise: Drawn;
  readonly over: Drawn;
}

export interface DrawnPage {
  readonly title: string;
  readonly subtitle: string;
  readonly cells: readonly DrawnCell[];
}

const BACKGROUND = '#131316';
const BRIGHT = '#f4f4f5';
const DIM = '#9d9da6';
/** Of its line's height, what type takes. */
const TYPE = 0.68;

function picture({ data, width, height }: Drawn, { left, top }: Box): OverlayOptions {
  return {
    input: Buffer.from(data.buffer, data.byteOffset, data.byteLength),
    raw: { width, height, channels: 3 },
    left,
    top,
  };
}

async function type(text: string, colour: string, box: Box): Promise<OverlayOptions[]> {
  const drawn = await drawType(text, { size: Math.round(box.height * TYPE), width: box.width, colour });
  if (drawn === undefined) return [];
  const { data, width, height } = drawn;
  // Of a script that needs more room than there is, the lowest and the highest is lost.
  const shown = Math.min(height, box.height);
  const from = Math.floor((height - shown) / 2) * width * 4;
  const top = box.top + Math.floor((box.height - shown) / 2);
  const input = data.subarray(from, from + shown * width * 4);
  return [{ input, raw: { width, height: shown, channels: 4 }, left: box.left, top }];
}

/** RGB, interleaved. */
export async function drawPage(page: DrawnPage, layout: PageLayout): Promise<Size & { readonly data: Buffer }> {
  const layers = [
    ...(await type(page.title, BRIGHT, layout.title)),
    ...(await type(page.subtitle, DIM, layout.subtitle)),
  ];
  for (const [index, { label, detail, noise, over }] of page.cells.entries()) {
    const at = layout.cells[index];
    if (at === undefined) break;
    layers.push(picture({ ...noise, data: withContrast(noise.data) }, at.noise), picture(over, at.over));
    layers.push(...(await type(label, BRIGHT, at.label)), ...(await type(detail, DIM, at.detail)));
  }
  const { width, height } = layout;
  const data = await sharp({ create: { width, height, channels: 3, background: BACKGROUND }, limitInputPixels: false })
    .composite(layers)
    .removeAlpha()
    .raw()
    .toBuffer();
  return { width, height, data };
}
