import { textGraphBytes } from '../../lib/model/text-graph.js';

const FLOATS = 'attr { key: "T" value { type: DT_FLOAT } }';

const type = (key: string, value: string): string => `attr { key: "${key}" value { type: ${value} } }`;
const node = (name: string, op: string, inputs: readonly string[], attributes = FLOATS): string =>
  `name: "${name}" op: "${op}" ${inputs.map((input) => `input: "${input}"`).join(' ')} ${attributes}`;

function constant(name: string, values: readonly number[], shape: readonly number[]): string {
  const sizes = shape.map((size) => `dim { size: ${size} }`).join(' ');
  const tensor = `dtype: DT_FLOAT tensor_shape { ${sizes} } ${values.map((value) => `float_val: ${value}`).join(' ')}`;
  return node(name, 'Const', [], `${type('dtype', 'DT_FLOAT')} attr { key: "value" value { tensor { ${tensor} } } }`);
}

function integers(name: string, values: readonly number[]): string {
  const shape = values.length === 1 ? '' : `dim { size: ${values.length} }`;
  const tensor = `dtype: DT_INT32 tensor_shape { ${shape} } ${values.map((value) => `int_val: ${value}`).join(' ')}`;
  return node(name, 'Const', [], `${type('dtype', 'DT_INT32')} attr { key: "value" value { tensor { ${tensor} } } }`);
}

const LISTS = `${FLOATS} ${type('Tidx', 'DT_INT32')}`;
const CONVOLUTION = `${FLOATS} attr { key: "strides" value { list { i: 1 i: 2 i: 2 i: 1 } } } attr { key: "padding" value { s: "SAME" } }`;
const RESHAPE = `${FLOATS} ${type('Tshape', 'DT_INT32')}`;
const FILL = `${type('T', 'DT_INT32')} ${type('index_type', 'DT_INT32')}`;

/** A function that calls another, branches that a constant decides, and shapes that are computed. A kilobyte or two. */
export function functionNetwork(): Buffer {
  const training = `${type('dtype', 'DT_BOOL')} attr { key: "value" value { tensor { dtype: DT_BOOL tensor_shape { } bool_val: false } } }`;
  const nodes = [
    node('input', 'Placeholder', [], type('dtype', 'DT_FLOAT')),
    constant('filter', [0.1, 0.2, -0.1, 0.3], [3, 3, 3, 4]),
    node('conv', 'Conv2D', ['input', 'filter'], CONVOLUTION),
    constant('factor', [2], []),
    node('called', 'block', ['conv', 'factor'], ''),
    node('training', 'Const', [], training),
    node('switch', 'Switch', ['called', 'training']),
    node('dropped', 'Neg', ['switch:1']),
    node('kept', 'Relu', ['switch']),
    node('merge', 'Merge', ['kept', 'dropped'], `${FLOATS} attr { key: "N" value { i: 2 } }`),
    node('size', 'Shape', ['merge'], `${FLOATS} ${type('out_type', 'DT_INT32')}`),
    integers('ones', [1, 1, 1, 1]),
    node('same', 'Mul', ['size', 'ones'], type('T', 'DT_INT32')),
    node('reshaped', 'Reshape', ['merge', 'same'], RESHAPE),
    integers('dims', [4, 2]),
    integers('zero', [0]),
    node('pads', 'Fill', ['dims', 'zero'], FILL),
    node('padded', 'Pad', ['reshaped', 'pads'], `${FLOATS} ${type('Tpaddings', 'DT_INT32')}`),
    integers('axis', [3]),
    node('out', 'ConcatV2', ['padded', 'reshaped', 'axis'], `${LISTS} attr { key: "N" value { i: 2 } }`),
  ];
  const argument = (name: string): string => `input_arg { name: "${name}" type: DT_FLOAT }`;
  const inner = `function { signature { name: "inner" ${argument('x')} output_arg { name: "y" type: DT_FLOAT } }
    node_def { ${node('half', 'Softplus', ['x'])} } ret { key: "y" value: "half:activations:0" } }`;
  const call = `${type('Tin', 'DT_FLOAT').replace('type: DT_FLOAT', 'list { type: DT_FLOAT }')} ${type('Tout', 'DT_FLOAT').replace('type: DT_FLOAT', 'list { type: DT_FLOAT }')} attr { key: "f" value { func { name: "inner" } } }`;
  const outer = `function { signature { name: "block" ${argument('a')} ${argument('b')} output_arg { name: "c" type: DT_FLOAT } }
    node_def { ${node('scaled', 'Mul', ['a', 'b'])} }
    node_def { ${node('deeper', 'PartitionedCall', ['scaled:z:0'], call)} }
    ret { key: "c" value: "deeper:output:0" } }`;
  const text = `${nodes.map((each) => `node { ${each} }`).join('\n')}\nlibrary { ${inner} ${outer} }\nversions { producer: 1395 }\n`;
  return textGraphBytes(Buffer.from(text));
}
