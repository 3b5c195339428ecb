import { DEFAULT_FORMAT, PICTURE_FORMATS } from '../formats.js';
import type { GivenOptions, OptionTable, ResolvedOptions, TextOption } from './description.js';

/** How a picture is encoded, whatever it shows. */
export const PICTURE_OPTIONS = {
  quality: {
    kind: 'integer',
    default: 92,
    least: 1,
    most: 100,
    flag: '--quality <n>',
    about: 'How well JPEG, WebP and AVIF keep the picture; PNG and TIFF lose nothing.',
  },
} as const satisfies OptionTable;

/** The options of `dream.toBuffer`, beside its format. */
export const ENCODE_OPTIONS = {
  ...PICTURE_OPTIONS,
  parameters: {
    kind: 'boolean',
    default: true,
    flag: '--no-parameters',
    about:
      "Write into the picture what it was made with, for `livedream show` and `replay`: options, seed, model and its SHA-256, the source picture's SHA-256 and size, versions, kind of device; no names or places of files.",
  },
} as const satisfies OptionTable;

/** The options of files of pictures that are no dreams. */
export const PICTURE_FILE_OPTIONS = {
  format: {
    kind: 'choice',
    default: undefined,
    otherwise: `by the file's extension; ${DEFAULT_FORMAT} where livedream makes the name, and on standard output`,
    choices: PICTURE_FORMATS,
    flag: '--format <type>',
    about: "The file's type, where its extension does not tell; it must not contradict it.",
  },
  ...PICTURE_OPTIONS,
} as const satisfies OptionTable;

/** The options of `dream.toFile`. */
export const FILE_OPTIONS = { ...PICTURE_FILE_OPTIONS, ...ENCODE_OPTIONS } as const satisfies OptionTable;

/** The first argument of `dream.toBuffer`. */
export const BUFFER_FORMAT = { ...FILE_OPTIONS.format, default: DEFAULT_FORMAT } as const;

/** The first argument of `dream.toFile`. No system takes a NUL in a path. */
export const FILE_PATH = {
  kind: 'text',
  default: undefined,
  pattern: /^[^\0]+$/,
  expected: 'the path of a file',
  about: '',
} as const satisfies TextOption;

export type PictureOptions = GivenOptions<typeof PICTURE_OPTIONS>;
export type PictureFileOptions = GivenOptions<typeof PICTURE_FILE_OPTIONS>;
export type EncodeOptions = GivenOptions<typeof ENCODE_OPTIONS>;
export type FileOptions = GivenOptions<typeof FILE_OPTIONS>;
export type ResolvedFileOptions = ResolvedOptions<typeof FILE_OPTIONS>;
