import type { PictureParameters } from '../dream.js';
import { describeValue, LiveDreamError } from '../errors.js';
import { isStart, readStart } from '../image/start.js';
import { RECORD } from '../made.js';
import { readDreamOptions } from '../options/read-dream.js';
import { replayed } from '../options/recorded.js';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === 'string' && value.length <= 300;
const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isSha256: Check = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const isCount: Check = (value) => Number.isInteger(value) && (value as number) >= 1;
const isFlag: Check = (value) => typeof value === 'boolean';
const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    choices.includes(value as string);
const isTexts: Check = (value) => Array.isArray(value) && value.length <= 100 && value.every(isText);

const isChannel: Check = (value) => {
  const { channel, weight } = Object(value) as Fields;
  return Number.isInteger(channel) && (channel as number) >= 0 && Number.isFinite(weight);
};
/** The hash of a guide and no more: what stands for a picture elsewhere, such as a file's name, is never looked at. */
const isGuide: Check = (value) =>
  isObject(value) && Object.keys(value as Fields).join() === 'sha256' && isSha256((value as Fields)['sha256']);
/** What else a term is, its own reader says: readDreamOptions. */
const isTerm: Check = (value) =>
  isObject(value) && ((value as Fields)['guide'] === undefined || isGuide((value as Fields)['guide']));
const isTerms: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isTerm);
const isObjective: Check = (value) => {
  if (isTerms(value)) return true;
  const { layer, kind, channels } = Object(value) as Fields;
  return isText(layer) && oneOf('layer', 'channels')(kind) && Array.isArray(channels) && channels.every(isChannel);
};

/** What must be there. */
const NEEDED: Readonly<Record<string, Check>> = {
  livedream: isText,
  model: isText,
  modelSha256: isSha256,
  objective: isObjective,
  width: isCount,
  height: isCount,
};

/** What may be. */
const KNOWN: Readonly<Record<string, Check>> = {
  record: isCount,
  made: isObject,
  source: isObject,
  together: (value) => isCount(value) && (value as number) <= 1024,
  quality: (value) => isCount(value) && (value as number) <= 100,
};

const MADE: Readonly<Record<string, Check>> = {
  tensorflow: isText,
  sharp: isText,
  device: oneOf('cpu', 'gpu'),
  xla: isFlag,
  loop: oneOf('native', 'compiled'),
  precision: oneOf('float32', 'bfloat16', 'float16'),
  rewrites: isTexts,
};

const SOURCE: Readonly<Record<string, Check>> = {
  of: oneOf('bytes', 'pixels'),
  sha256: isSha256,
  width: isCount,
  height: isCount,
};

/** The first field that is not as it must be. */
function wrongIn(fields: Fields, checks: Readonly<Record<string, Check>>, inside = ''): string | undefined {
  const wrong = Object.keys(checks).find((name) => !checks[name]?.(fields[name]));
  return wrong === undefined ? undefined : `'${inside}${wrong}' is ${describeValue(fields[wrong])}`;
}

/** What noise or colour the dream began with, where it did. */
function wrongStart(start: unknown): string | undefined {
  if (start === undefined) return undefined;
  if (!isStart(start)) return `'source.start' is ${describeValue(start)}`;
  try {
    readStart(start);
    return undefined;
  } catch (error) {
    return (error as Error).message.replace(/\.$/, '');
  }
}

function wrong(fields: Fields): string | undefined {
  const { made, source } = fields;
  const known = Object.fromEntries(Object.entries(KNOWN).filter(([name]) => fields[name] !== undefined));
  return (
    wrongIn(fields, { ...NEEDED, ...known }) ??
    (made === undefined ? undefined : wrongIn(made as Fields, MADE, 'made.')) ??
    (source === undefined ? undefined : wrongIn(source as Fields, SOURCE, 'source.')) ??
    wrongStart((source as Fields | undefined)?.['start'])
  );
}

/** What the page writes into a live picture, which hangs on those before it: settings, and no dream that could be made again. */
export function isLive(found: unknown): found is Fields {
  if (!isObject(found)) return false;
  const { record, modelSha256, livedream } = found as Fields;
  return record === undefined && modelSha256 === undefined && isText(livedream);
}

/** Throws what `damaged` makes, or ERR_LIVEDREAM_PARAMETERS_NEWER, for what this livedream did not write or cannot read. */
export function checkParameters(
  found: unknown,
  what: string,
  damaged: (why: string, cause?: unknown) => Error,
): asserts found is PictureParameters {
  if (!isObject(found)) throw damaged(`they are ${describeValue(found)}`);
  const fields = found as Fields;
  const { record, livedream } = fields;
  if (Number.isInteger(record) && (record as number) > RECORD)
    throw new LiveDreamError(
      'ERR_LIVEDREAM_PARAMETERS_NEWER',
      `${what} has parameters of version ${record}, by livedream ${describeValue(livedream)}; known are those up to ${RECORD}.`,
    );
  const why = wrong(fields);
  if (why !== undefined) throw damaged(why);
  // Without a version it may be of a page's live picture, which has options of streams.
  if (record === undefined) return;
  try {
    readDreamOptions(replayed(fields));
  } catch (error) {
    throw damaged((error as Error).message.replace(/\.$/, ''), error);
  }
}
