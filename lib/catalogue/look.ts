import { Dreamer } from '../dreamer.js';
import { LiveDreamError } from '../errors.js';
import type { ModelDescription } from '../model/description.js';
import type { Layer } from '../model/layer.js';
import { candidatesFor, guessFrom, insideGuess, type PreprocessingGuess } from './guess.js';
import type { PreprocessingKind } from './preprocessing.js';
import { type TrialWatch, tryCandidates } from './trial.js';

type PictureInput = Dreamer['input'];

/** What is found by looking at a network. */
export interface Look {
  readonly input: PictureInput;
  /** Empty where their sizes hang on the picture's values. */
  readonly layers: readonly Layer[];
  readonly guess: PreprocessingGuess;
  readonly warnings: readonly string[];
}

interface Place {
  /** The graph's file, or a SavedModel's folder. */
  readonly graph: string;
  readonly description: ModelDescription;
}

async function withNetwork<T>(
  { graph, description }: Place,
  signal: AbortSignal | undefined,
  work: (dreamer: Dreamer) => Promise<T>,
): Promise<T> {
  const { sha256: _checkedAlready, ...described } = description;
  const dreamer = await Dreamer.load({ model: { graph, ...described }, device: 'cpu', xla: false, signal });
  try {
    return await work(dreamer);
  } finally {
    await dreamer.dispose();
  }
}

/** Stride and least size of all layers; none where the picture's values decide on them. */
export async function layersOf(dreamer: Dreamer, signal: AbortSignal | undefined): Promise<readonly Layer[]> {
  return dreamer.allLayers({ signal }).catch((error: unknown) => {
    if (error instanceof LiveDreamError && error.code === 'ERR_LIVEDREAM_MODEL_UNREADABLE') return [];
    throw error;
  });
}

function given({ preprocessing }: ModelDescription): PreprocessingGuess | undefined {
  if (preprocessing?.mean === undefined && preprocessing?.scale === undefined) return undefined;
  const { channelOrder = 'rgb', mean = 0, scale = 1 } = preprocessing;
  return { preprocessing: { channelOrder, mean, scale }, certainty: 'given', why: 'It was given.', tried: [] };
}

/** What livedream takes of a model that says nothing. */
function usualKind({ mean, scale }: PictureInput): PreprocessingKind {
  if (scale !== 1) return 'signed';
  return mean[0] === 0 ? 'raw' : 'centred';
}

/** The input and the layers of a network, and how it probably wants its picture, after a trial where nothing says it. */
export async function lookAt(place: Place, watch: TrialWatch): Promise<Look> {
  const { signal } = watch;
  const first = await withNetwork(place, signal, async (dreamer) => ({
    input: dreamer.input,
    layers: await layersOf(dreamer, signal),
    warnings: dreamer.warnings,
  }));
  const known = given(place.description) ?? insideGuess(first.input);
  if (known !== undefined) return { ...first, guess: known };
  const plain = { ...place.description, preprocessing: { channelOrder: 'rgb', mean: 0, scale: 1 } as const };
  const candidates = candidatesFor(place.description.preprocessing?.channelOrder);
  const trial = await withNetwork({ ...place, description: plain }, signal, (dreamer) =>
    tryCandidates(dreamer, first.layers, candidates, watch),
  );
  const names = first.layers.map(({ name }) => name);
  return { ...first, guess: guessFrom(trial, names, usualKind(first.input)) };
}
