import type { Layer } from './layer.js';
import type { Term } from './terms.js';

const MOST_CHANNELS = 5;

function answering(terms: readonly [Term, ...Term[]], layer: Layer): string {
  const [term, ...others] = terms;
  if (others.length > 0) return `Each of the ${terms.length} terms of the objective is`;
  if (term.kind !== 'channels') return `The layer '${layer.name}' is`;
  const numbers = term.channels.map(({ channel }) => channel);
  const shown = numbers.slice(0, MOST_CHANNELS).join(', ');
  const more = numbers.length > MOST_CHANNELS ? ` and ${numbers.length - MOST_CHANNELS} more` : '';
  return numbers.length === 1
    ? `Channel ${shown} of the layer '${layer.name}' is`
    : `Channels ${shown}${more} of the layer '${layer.name}' are`;
}

/**
 * What to say of a dream whose objective had no slope anywhere, so that the picture stayed as it was: a channel behind a Relu
 * that answers nowhere on this picture has none.
 */
export function silentWarning(terms: readonly Term[], layer: Layer): string {
  const what = `${answering(terms as [Term, ...Term[]], layer)} silent on this picture: the gradient is zero everywhere, and the dream changed nothing.`;
  const { beforeActivation: before } = layer;
  const todo =
    before === undefined
      ? 'Choose another channel or layer, or another picture.'
      : `Dream the layer before the activation, '${before}', which has a slope there too.`;
  return `${what} ${todo}`;
}
