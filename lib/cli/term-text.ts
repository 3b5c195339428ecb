import { optionRangeError } from '../errors.js';
import { readDirectionNow } from '../files/direction.js';
import { maskOf } from './mask-text.js';

/** What a term of `--objective` may be, for help and messages. */
export const TERM_TEXTS = [
  ['LAYER', 'a whole layer'],
  ['LAYER:CHANNEL', 'a channel by number or name'],
  ['LAYER@FILE', 'a direction from a .json, .npy or .csv'],
  ['class:LABEL', "a class of the network's head"],
  ['filter:NAME', "a filter of the model's catalogue"],
] as const;

export const TERM_GRAMMAR = `${TERM_TEXTS.map(([text, about]) => `${text} (${about})`).join(', ')}; behind each perhaps *WEIGHT, which may be negative, and then ' in MASK' or ' not in MASK', a mask as --mask takes it`;

/** The last `*` with a number behind it to the end. */
const WEIGHTED = /^(.*)\*\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i;

/** A number is a channel's number; anything else its name, which only the model can tell. */
export function channelOf(text: string): number | string {
  const channel = Number(text);
  return text.trim() === '' || Number.isNaN(channel) ? text : channel;
}

function withoutWeight(text: string, whole: string): Record<string, unknown> {
  const wrong = (): Error => optionRangeError('objective', `one of ${TERM_GRAMMAR}`, whole);
  const named = /^(class|filter):(.*)$/s.exec(text);
  if (named) {
    const [, kind = '', name = ''] = named;
    if (name.trim() === '') throw wrong();
    return { [kind]: kind === 'class' ? channelOf(name.trim()) : name.trim() };
  }
  // Of TensorFlow's names, none has a colon or an @.
  const place = text.search(/[:@]/);
  if (place < 0) {
    if (text === '') throw wrong();
    return { layer: text };
  }
  const [layer, rest] = [text.slice(0, place).trim(), text.slice(place + 1).trim()];
  if (layer === '' || rest === '') throw wrong();
  return text[place] === '@' ? { layer, direction: readDirectionNow(rest) } : { layer, channel: channelOf(rest) };
}

/** The last ` in ` with something on both sides. */
const PLACED = /^(.*\S)\s+in\s+(\S.*)$/s;
const OUTSIDE = /\s+not$/;

/** A term as the command line has it: `mixed4d:17*2`, `class:owl in sky.png`, `mixed3b*-0.5`. Throws a RangeError of 'objective'. */
export function termOf(text: string): Record<string, unknown> {
  const whole = text.trim();
  const [, placed = whole, where] = PLACED.exec(whole) ?? [];
  const outside = where !== undefined && OUTSIDE.test(placed);
  const term = outside ? placed.replace(OUTSIDE, '') : placed;
  const [, what = term, weight] = WEIGHTED.exec(term) ?? [];
  return {
    ...withoutWeight(what.trim(), text),
    ...(weight === undefined ? {} : { weight: Number(weight) }),
    ...(where === undefined ? {} : { mask: { ...maskOf(where), ...(outside ? { invert: true } : {}) } }),
  };
}
