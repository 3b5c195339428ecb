import type { Preprocessing } from '../model/description.js';

/** How pictures may be prepared, as far as a trial can tell one from the other. */
export type PreprocessingKind = 'signed' | 'unsigned' | 'centred' | 'raw';

export interface PreprocessingCandidate {
  readonly kind: PreprocessingKind;
  /** Whose networks take it, or to what range, in a word for tables. */
  readonly as: string;
  readonly what: string;
  readonly preprocessing: Required<Preprocessing>;
}

const CAFFE_MEAN = [103.939, 116.779, 123.68] as const;
/** The mean of ImageNet's three deviations, as there is one scale for all channels: 58.395, 57.12, 57.375. */
const DEVIATION = 57.63;

/** The usual ones; the first of a kind is what is taken where nothing tells it from the others of its kind. */
export const CANDIDATES: readonly PreprocessingCandidate[] = [
  {
    kind: 'signed',
    as: 'Inception v3',
    what: '2x/255 - 1, as Inception v3 and MobileNet',
    preprocessing: { channelOrder: 'rgb', mean: 127.5, scale: 0.00784313725 },
  },
  {
    kind: 'signed',
    as: 'PyTorch',
    what: "ImageNet's mean and deviation, as PyTorch's",
    preprocessing: { channelOrder: 'rgb', mean: [123.675, 116.28, 103.53], scale: Number((1 / DEVIATION).toFixed(6)) },
  },
  {
    kind: 'unsigned',
    as: '0 to 1',
    what: 'x/255',
    preprocessing: { channelOrder: 'rgb', mean: 0, scale: 0.00392156863 },
  },
  {
    kind: 'centred',
    as: 'inception5h',
    what: 'x - 117, as inception5h',
    preprocessing: { channelOrder: 'rgb', mean: 117, scale: 1 },
  },
  {
    kind: 'centred',
    as: 'Caffe, Keras',
    what: "BGR minus its means, as Caffe's and Keras's VGG, ResNet",
    preprocessing: { channelOrder: 'bgr', mean: CAFFE_MEAN, scale: 1 },
  },
  {
    kind: 'centred',
    as: 'TF-Slim',
    what: "RGB minus its means, as TF-Slim's VGG, ResNet",
    preprocessing: { channelOrder: 'rgb', mean: [123.68, 116.779, 103.939], scale: 1 },
  },
  {
    kind: 'raw',
    as: '0 to 255',
    what: 'x as it is, 0..255',
    preprocessing: { channelOrder: 'rgb', mean: 0, scale: 1 },
  },
];

/** A candidate in another order of colours. */
export function inOrder(candidate: PreprocessingCandidate, channelOrder: 'rgb' | 'bgr'): PreprocessingCandidate {
  const { preprocessing } = candidate;
  if (preprocessing.channelOrder === channelOrder) return candidate;
  const { mean } = preprocessing;
  const turned = typeof mean === 'number' ? mean : ([mean[2], mean[1], mean[0]] as const);
  return { ...candidate, preprocessing: { ...preprocessing, channelOrder, mean: turned } };
}

/** The flags of the command line that say this. */
export function asFlags({ channelOrder, mean, scale }: Preprocessing): string {
  const means = typeof mean === 'object' ? mean.join(',') : mean;
  const flags = [
    ...(mean === undefined ? [] : [`--mean ${means}`]),
    // With a mean, 1 is what is taken where no scale is given.
    ...(scale === undefined || (scale === 1 && mean !== undefined) ? [] : [`--scale ${scale}`]),
    ...(channelOrder === 'bgr' ? ['--channel-order bgr'] : []),
  ];
  return flags.join(' ');
}
