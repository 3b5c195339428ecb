import type { Metadata, Sharp } from 'sharp';
import { reason, unreadable } from './unreadable.js';

/** Kinds of numbers, as libvips calls them, whose range it knows. */
const KNOWN = ['uchar', 'ushort'];
/** Colour spaces whose floats (or, of one, 16-bit integers with a sign) libvips turns into bytes rightly. */
const OWN_RANGE = ['lab', 'labs', 'lch', 'xyz', 'yxy', 'cmc', 'hsv', 'oklab', 'oklch'];

export function hasFloats({ depth }: Metadata): boolean {
  return depth === 'float' || depth === 'double';
}

async function checkFloats(image: Sharp, { channels, hasAlpha }: Metadata, what: string): Promise<void> {
  const { channels: each } = await image.stats().catch((error: unknown) => {
    throw unreadable(what, reason(error), error);
  });
  const colours = each.slice(0, channels - (hasAlpha ? 1 : 0));
  const mean = colours.reduce((sum, colour) => sum + colour.mean / colours.length, 0);
  // Some lights above 1 are usual; NaN is not.
  if (mean <= 1) return;
  const found = Number.isNaN(mean) ? 'some are not numbers' : `their mean is ${mean.toPrecision(3)}`;
  throw unreadable(
    what,
    `its floats must lie in 0..1, and ${found}; convert it to 8 or 16 bits, or give raw pixels in 0..255`,
  );
}

/**
 * What has to be done to the samples before they can become bytes. Numbers of unknown range are refused, as they would come out
 * black. Throws ERR_LIVEDREAM_IMAGE_UNREADABLE.
 */
export async function samplesOf(image: Sharp, metadata: Metadata, what: string): Promise<(image: Sharp) => Sharp> {
  const { depth, space, channels } = metadata;
  if (KNOWN.includes(depth) || OWN_RANGE.includes(space)) return (same) => same;
  if (!hasFloats(metadata)) {
    throw unreadable(
      what,
      `its samples are of type '${depth}', which has no range for colours; convert it to 8 or 16 bits`,
    );
  }
  await checkFloats(image, metadata, what);
  // RGB floats are linear light, which libvips converts; of grey it expects 0..255. One factor a channel, or alpha has none.
  if (space === 'scrgb') return (same) => same;
  return (grey) => grey.linear(Array(channels).fill(255), Array(channels).fill(0.5));
}
