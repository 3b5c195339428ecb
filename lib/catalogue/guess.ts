import type { Dreamer } from '../dreamer.js';
import type { Preprocessing } from '../model/description.js';
import { asFlags, CANDIDATES, inOrder, type PreprocessingKind } from './preprocessing.js';
import type { Trial, Tried } from './trial.js';

type PictureInput = Dreamer['input'];

/** How a model's preprocessing was found, and how sure that is. */
export interface PreprocessingGuess {
  readonly preprocessing: Preprocessing;
  /**
   * `given`: by whoever added the model; `inside`: the graph prepares its picture by itself; `clear`: a trial told this kind from all
   * others, and the order of colours remains a guess; `unclear`: the trial told nothing.
   */
  readonly certainty: 'given' | 'inside' | 'clear' | 'unclear';
  readonly why: string;
  /** What was tried, best first: the share of channels that see nothing in a sample picture so prepared. */
  readonly tried: readonly {
    /** Whose networks take it, or to what range. */
    readonly as: string;
    readonly what: string;
    readonly preprocessing: Preprocessing;
    readonly flags: string;
    readonly idle: number;
  }[];
}

/** A kind of preprocessing is told from the others by so many times fewer idle channels, and by so much in all. */
const TIMES_FEWER = 1.5;
const FEWER = 0.008;

const ORDER = 'No trial can tell RGB from BGR.';

/** Names as Caffe's users gave them, and the converters that kept them: its networks take BGR. */
const CAFFE_NAMES =
  /(^|\/)(fire\d+\/|inception_\d[a-z]\/|res\d[a-z]_branch|conv\d_[1-4]($|\/)|block\d_conv\d|conv1\/7x7_s2|fc[678]($|\/))/;

function listed(tried: readonly Tried[]): PreprocessingGuess['tried'] {
  return [...tried]
    .sort((one, other) => one.idle - other.idle)
    .map(({ candidate: { as, what, preprocessing }, idle }) => ({
      ...{ as, what, preprocessing, idle },
      flags: asFlags(preprocessing),
    }));
}

/** The graph's own: what begins with arithmetic, or takes integers. */
export function insideGuess({ type, channelOrder, mean, scale }: PictureInput): PreprocessingGuess | undefined {
  if (mean.some((each) => each !== 0) || scale !== 1) return undefined;
  const why = /int/.test(type)
    ? `It takes integers (${type}), 0..255.`
    : 'It prepares its picture by itself: its graph begins with arithmetic.';
  return { preprocessing: { channelOrder, mean: 0, scale: 1 }, certainty: 'inside', why, tried: [] };
}

function isClearlyBetter(one: number, other: number): boolean {
  return other >= one * TIMES_FEWER && other - one >= FEWER;
}

interface Kind {
  readonly kind: PreprocessingKind;
  readonly members: readonly Tried[];
  /** The mean of its members. */
  readonly idle: number;
}

function kindsOf(tried: readonly Tried[]): Kind[] {
  const kinds = [...new Set(tried.map(({ candidate }) => candidate.kind))];
  return kinds
    .map((kind) => {
      const members = tried.filter(({ candidate }) => candidate.kind === kind);
      return { kind, members, idle: members.reduce((sum, { idle }) => sum + idle / members.length, 0) };
    })
    .sort((one, other) => one.idle - other.idle);
}

/** Of several of a kind: what the names of the layers say, or else the first, unless another is clearly better. */
function withinKind({ members }: Kind, layers: readonly string[]): { readonly chosen: Tried; readonly order: string } {
  const [first] = members as [Tried];
  const best = members.reduce((one, other) => (other.idle < one.idle ? other : one));
  if (isClearlyBetter(best.idle, first.idle)) return { chosen: best, order: ORDER };
  const named = layers.find((name) => CAFFE_NAMES.test(name));
  const bgr = members.find(({ candidate }) => candidate.preprocessing.channelOrder === 'bgr');
  if (named !== undefined && bgr !== undefined && bgr !== first)
    return { chosen: bgr, order: `${ORDER} Its layers have names of Caffe's ('${named}'), whose networks take BGR.` };
  return { chosen: first, order: ORDER };
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

/** What a trial tells. `usual` is what livedream takes where nothing is known. */
export function guessFrom(trial: Trial, layers: readonly string[], usual: PreprocessingKind): PreprocessingGuess {
  const tried = listed(trial.tried);
  const [best, next] = kindsOf(trial.tried) as [Kind, Kind];
  const clear = isClearlyBetter(best.idle, next.idle);
  const usualKind = kindsOf(trial.tried).find(({ kind }) => kind === usual) ?? best;
  const kind = clear || isClearlyBetter(best.idle, usualKind.idle) ? best : usualKind;
  const { chosen, order } = withinKind(kind, layers);
  const { what, preprocessing } = chosen.candidate;
  const measured = `On a sample picture ${percent(chosen.idle)} of the channels of ${trial.layers.length} layers see nothing`;
  const rest = clear
    ? `${measured}, and with the nearest of another kind ${percent(next.idle)}.`
    : `${measured}, and hardly more or fewer otherwise: it cannot be told, and this is only what is usual.`;
  return { preprocessing, certainty: clear ? 'clear' : 'unclear', why: `${what}. ${rest} ${order}`, tried };
}

/** What is to be tried; an order of colours that was given is kept. */
export function candidatesFor(channelOrder: 'rgb' | 'bgr' | undefined): typeof CANDIDATES {
  if (channelOrder === undefined) return CANDIDATES;
  const turned = CANDIDATES.map((candidate) => inOrder(candidate, channelOrder));
  // Two of them are then the same but for the names of those who used them.
  return turned.filter(
    ({ preprocessing }, index) =>
      turned.findIndex((other) => asFlags(other.preprocessing) === asFlags(preprocessing)) === index,
  );
}
