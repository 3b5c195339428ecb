import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';

const NODES = 30_000;

/** A chain of additions, which takes a second or several to load. */
export function longGraph(): Buffer {
  const graph = new GraphDef();
  const one = graph.constant('one', [], Float32Array.of(1));
  let last = graph.placeholder('input', [-1, -1, -1, 3]);
  for (let i = 0; i < NODES; i += 1) last = graph.node('AddV2', `sum${i}`, [last, one], { T: attribute.type(1) });
  return graph.bytes();
}
