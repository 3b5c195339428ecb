import type { Layer } from '../model/layer.js';

/** How deep: motifs and parts of objects, not edges any more and not yet whole scenes. */
const DEPTH = 0.6;
const LEAST_CHANNELS = 16;
/** What puts the parts of a block together, best first. */
const JOINS = [/^Concat(V2)?$/, /^Add(V2|N)?$/];

/** Additions that join nothing: of a constant, as normalisation and biases are written out. */
const OF_A_CONSTANT = /batch_?norm|normali[sz]|rescal|bias/i;

/** Layers that are an activation's input, whose gradient is not zero where the activation is silent. */
function beforeActivations(layers: readonly Layer[]): Layer[] {
  const names = new Set(layers.map(({ beforeActivation }) => beforeActivation));
  return layers.filter(({ name }) => names.has(name));
}

/**
 * The layer that a model without a description dreams best with: a join of the block that lies three fifths of the way, or for a
 * network without joins a layer before its activation. Undefined for a network without layers.
 */
export function chooseDefaultLayer(layers: readonly Layer[]): Layer | undefined {
  const maps = layers.filter(({ head }) => !head);
  const wide = maps.filter(({ channels }) => channels >= LEAST_CHANNELS);
  const kinds = [
    ...JOINS.map((join) => wide.filter(({ op, name }) => join.test(op) && !OF_A_CONSTANT.test(name))),
    beforeActivations(wide),
    wide,
    maps,
  ];
  // One join alone says nothing of where the middle is.
  const chosen = kinds.find(({ length }) => length > 2) ?? kinds.find(({ length }) => length > 0) ?? [];
  return chosen[Math.floor((chosen.length - 1) * DEPTH)];
}
