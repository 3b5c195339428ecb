import type { DreamOptions } from '../../options/dream-options.js';
import type { VideoStreamOptions } from '../../options/video-options.js';
import type { FramesInput } from '../../video/find-frames.js';
import type { FarmPreview } from '../jobs/preview.js';
import type { PictureDone } from '../jobs/results.js';

// What clients ask, and get. Nothing here knows BullMQ, whose types a user's program need not have.

/** Options of a dream that is made elsewhere: from there previews come as small JPEGs alone. */
export type WatchedOptions = DreamOptions & {
  /** In the place of `onPreview`, every `previewInterval` milliseconds. */
  readonly onJpegPreview?: ((preview: FarmPreview) => void) | undefined;
};

/** What a film is to become. */
export interface FilmAsked {
  readonly input: FramesInput;
  /** A film by its extension, or its frames as pictures of one. */
  readonly output: { readonly kind: 'film' | 'pictures'; readonly extension: string };
  readonly start?: number | undefined;
  readonly duration?: number | undefined;
  readonly longestSide?: number | undefined;
  readonly codec?: string | undefined;
  readonly quality?: number | undefined;
  /** Of pictures that become a film. */
  readonly rate: number;
  readonly stream: VideoStreamOptions;
  readonly dream: DreamOptions;
  readonly segment: number;
}

/** A dream that a worker made. */
export interface FarmDream extends PictureDone {
  /** The encoded picture. */
  readonly picture: Buffer;
}
