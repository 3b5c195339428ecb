// Small files that ask for much: memory, time or depth.
import { textGraphBytes } from '../../lib/model/text-graph.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';

const FLOAT = attribute.type(1);
const INT32 = attribute.type(3);
const BOOLEAN = attribute.type(10);
const GIGA = 1_000_000_000;
const MANY = 30_000;

class Bomb extends GraphDef {
  readonly input = this.placeholder('input', [-1, -1, -1, 3]);

  fill(name: string, count: string): string {
    return this.node('Fill', name, [count, this.integer(`${name}/value`, 1)], { T: INT32, index_type: INT32 });
  }

  math(op: string, name: string, ...inputs: readonly string[]): string {
    return this.node(op, name, inputs, { T: INT32 });
  }

  /** All but the first axis of four numbers, or what is left of two. */
  sum(numbers: string): string {
    const total = this.node('Sum', 'total', [numbers, this.integers('axes', [2], [0, 1])], { T: INT32, Tidx: INT32 });
    return this.node('Reshape', 'list', [total, this.integers('one', [1], [-1])], { T: INT32, Tshape: INT32 });
  }

  boolean(name: string, value: boolean): string {
    const tensor = attribute.tensor(10, [], Buffer.from([value ? 1 : 0]));
    return this.node('Const', name, [], { dtype: BOOLEAN, value: tensor });
  }

  /** A layer that takes the numbers as a shape, so that TensorFlow computes them to know its own. */
  shaped(numbers: string): Buffer {
    this.node('Reshape', 'out', [this.input, numbers], { T: FLOAT, Tshape: INT32 });
    return this.bytes();
  }
}

function filled(): Buffer {
  const graph = new Bomb();
  return graph.shaped(graph.fill('filled', graph.integers('count', [1], [GIGA])));
}

function summed(): Buffer {
  const graph = new Bomb();
  const huge = graph.fill('filled', graph.integers('count', [2], [GIGA, 4]));
  return graph.shaped(graph.node('Sum', 'sum', [huge, graph.integers('axis', [1], [0])], { T: INT32, Tidx: INT32 }));
}

function ranged(): Buffer {
  const graph = new Bomb();
  const bounds = [graph.integer('start', 0), graph.integer('limit', 2 * GIGA), graph.integer('delta', 1)];
  return graph.shaped(graph.node('Range', 'range', bounds, { Tidx: INT32 }));
}

function tiled(): Buffer {
  const graph = new Bomb();
  const one = graph.integers('one', [1], [1]);
  return graph.shaped(
    graph.node('Tile', 'tiled', [one, graph.integers('times', [1], [GIGA])], { T: INT32, Tmultiples: INT32 }),
  );
}

function doubled(): Buffer {
  const graph = new Bomb();
  const axis = graph.integer('axis', 0);
  let last = graph.integers('two', [2], [1, 1]);
  for (let i = 0; i < 31; i += 1)
    last = graph.node('ConcatV2', `twice${i}`, [last, last, axis], {
      T: INT32,
      Tidx: INT32,
      N: attribute.integer(2),
    });
  return graph.shaped(last);
}

function broadcast(): Buffer {
  const graph = new Bomb();
  const row = graph.fill('row', graph.integers('row/count', [2], [1, 50_000]));
  const column = graph.fill('column', graph.integers('column/count', [2], [50_000, 1]));
  return graph.shaped(graph.sum(graph.math('Add', 'outer', row, column)));
}

/** Many that are each within bounds. */
function added(): Buffer {
  const graph = new Bomb();
  const fills = Array.from({ length: 300 }, (_, i) =>
    graph.fill(`filled${i}`, graph.integers(`count${i}`, [1], [16_000_000])),
  );
  return graph.shaped(graph.node('AddN', 'sum', fills, { T: INT32, N: attribute.integer(fills.length) }));
}

/** Of a size that the picture's makes. */
function bySize(): Buffer {
  const graph = new Bomb();
  const size = graph.node('Shape', 'size', [graph.input], { T: FLOAT, out_type: INT32 });
  const larger = graph.math('Mul', 'larger', size, graph.integers('factor', [4], [1000, 100, 10, 1]));
  return graph.shaped(graph.sum(graph.fill('filled', larger)));
}

/** And(And(...), And(...)) of a predicate. */
function conjunction(): Buffer {
  const graph = new Bomb();
  let last = graph.boolean('true', true);
  for (let i = 0; i < 60; i += 1) last = graph.node('LogicalAnd', `and${i}`, [last, last], {});
  graph.node('Switch', 'switch', [graph.input, last], { T: FLOAT });
  graph.relu('out', 'switch:1');
  return graph.bytes();
}

/** From the last to the first, each of which hands its input on. */
function backwards(op: 'Switch' | 'Left'): Buffer {
  const graph = new Bomb();
  const no = graph.boolean('no', false);
  graph.relu('body', graph.input);
  for (let i = MANY; i > 0; i -= 1) {
    const from = i === 1 ? graph.input : `n${i - 1}`;
    if (op === 'Switch') graph.node('Switch', `n${i}`, [from, no], { T: FLOAT });
    else if (i === 1) graph.node('EncodeBase64', 'n1', ['n2'], {});
    else graph.relu(`n${i}`, from);
  }
  if (op === 'Switch') {
    for (let i = 1; i <= 2000; i += 1) graph.relu(`out${i}`, `n${MANY}`);
    for (let i = MANY; i > 0; i -= 1) graph.relu(`dead${i}`, i === 1 ? 'n1:1' : `dead${i - 1}`);
  }
  return graph.bytes();
}

function loop(): Buffer {
  const graph = new Bomb();
  graph.node('Relu', 'a', ['b'], { T: FLOAT });
  graph.node('Relu', 'b', ['a'], { T: FLOAT });
  graph.node('AddV2', 'out', [graph.input, 'a'], { T: FLOAT });
  return graph.bytes();
}

function whileLoop(): Buffer {
  const graph = new Bomb();
  graph.node('Merge', 'merge', [graph.input, 'next'], { T: FLOAT, N: attribute.integer(2) });
  graph.relu('body', 'merge');
  graph.node('NextIteration', 'next', ['body'], { T: FLOAT });
  return graph.bytes();
}

/** Switches that hand each other what they take. */
function switchLoop(): Buffer {
  const graph = new Bomb();
  const no = graph.boolean('no', false);
  for (let i = 0; i < MANY; i += 1) graph.node('Switch', `n${i}`, [`n${(i + 1) % MANY}`, no], { T: FLOAT });
  for (let i = 0; i < MANY; i += 1) graph.relu(`out${i}`, `n${i}`);
  return graph.bytes();
}

const argument = 'input_arg { name: "x" type: DT_FLOAT } output_arg { name: "y" type: DT_FLOAT }';

/** Functions, each of which calls the next twice. */
function calls(depth: number, last: string): Buffer {
  const functions = Array.from(
    { length: depth },
    (_, i) => `function { signature { name: "f${i}" ${argument} }
      node_def { name: "a" op: "f${i + 1}" input: "x" } node_def { name: "b" op: "f${i + 1}" input: "a:y:0" }
      ret { key: "y" value: "b:y:0" } }`,
  );
  const text = `node { name: "input" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }
    node { name: "out" op: "f0" input: "input" }
    library { ${functions.join('\n')} function { signature { name: "f${depth}" ${argument} } ${last} } }`;
  return textGraphBytes(Buffer.from(text));
}

const NEG = 'node_def { name: "n" op: "Neg" input: "x" attr { key: "T" value { type: DT_FLOAT } } }';

export const BOMBS: Readonly<Record<string, () => Buffer>> = {
  filled,
  summed,
  ranged,
  tiled,
  doubled,
  broadcast,
  added,
  bySize,
  conjunction,
  switchesBackwards: () => backwards('Switch'),
  leftOutBackwards: () => backwards('Left'),
  loop,
  whileLoop,
  switchLoop,
  callsOfNothing: () => calls(50, 'ret { key: "y" value: "x" }'),
  callsOfNodes: () => calls(30, `${NEG} ret { key: "y" value: "n:y:0" }`),
  callsItself: () => calls(3, 'node_def { name: "a" op: "f0" input: "x" } ret { key: "y" value: "a:y:0" }'),
};
