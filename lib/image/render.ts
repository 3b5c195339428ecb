import type { Metadata, Sharp } from 'sharp';
import { LiveDreamError } from '../errors.js';
import type { Size } from '../size.js';
import { checkHevc } from './heif.js';
import { finalSize, readMetadata } from './open.js';
import { reason, unreadable } from './unreadable.js';

/** What a sharp instance was asked for, which it tells nobody but its pipeline; of another version it may be elsewhere. */
interface Asked {
  readonly options?: {
    readonly width?: number;
    readonly height?: number;
    readonly topOffsetPre?: number;
    readonly topOffsetPost?: number;
    readonly trimThreshold?: number;
    readonly affineMatrix?: readonly number[];
    readonly angle?: number;
    readonly rotationAngle?: number;
    readonly flip?: boolean;
    readonly flop?: boolean;
    readonly input?: { readonly page?: number; readonly pages?: number };
  };
}

interface RenderOptions {
  readonly size: number | undefined;
  readonly page: number | undefined;
  readonly check: (size: Size) => void;
}

/** Whether the result may have fewer pixels than the input. */
function mayShrink({ options }: Asked): boolean {
  if (!options) return true;
  const { width = -1, height = -1, topOffsetPre = -1, topOffsetPost = -1, trimThreshold = -1 } = options;
  return Math.max(width, height, topOffsetPre, topOffsetPost, trimThreshold) >= 0 || options.affineMatrix?.length !== 0;
}

/** Whether it is turned or mirrored by hand, which whoever does so means as it is, whatever EXIF says. */
function isTurned({ options }: Asked): boolean {
  return Boolean(options?.angle || options?.rotationAngle || options?.flip || options?.flop);
}

/** sharp takes frame 0 where it is not told which; livedream never chooses one by itself. */
function checkChosen(image: Asked, { pages = 1, format }: Metadata, page: number | undefined, what: string): void {
  const { page: own, pages: ownPages } = image.options?.input ?? {};
  if (pages === 1 || format === 'heif' || own !== undefined || ownPages !== undefined) return;
  if (page === 0) return;
  throw new LiveDreamError(
    'ERR_LIVEDREAM_IMAGE_ANIMATED',
    `${what} has ${pages} frames, and the instance renders the first; choose one with sharp(input, { page }).`,
  );
}

/**
 * The picture that an instance makes of its input, with all that it was asked for, as an uncompressed TIFF: colours and frames
 * come through as they are, and so does an EXIF orientation that is still to be applied.
 */
export async function rendered(image: Sharp, what: string, { size, page, check }: RenderOptions): Promise<Buffer> {
  const metadata = await readMetadata(image, what);
  checkChosen(image as Asked, metadata, page, what);
  await checkHevc(metadata, image, what);
  if (size === undefined && !mayShrink(image as Asked)) check(finalSize(metadata, undefined));
  const whole = isTurned(image as Asked) ? image.withMetadata({ orientation: 1 }) : image.keepExif();
  return whole
    .tiff({ compression: 'none', bigtiff: true, pyramid: false, tile: false })
    .toBuffer()
    .catch((error: unknown) => {
      throw unreadable(what, reason(error), error);
    });
}
