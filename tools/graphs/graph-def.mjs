// Writes frozen GraphDefs in protobuf's wire format: just the messages that a small image network needs
// (tensorflow/core/framework/graph.proto, node_def.proto, attr_value.proto, tensor.proto).

const FLOAT = 1;
const INT32 = 3;

function varint(value) {
  if (value < 0) return negative(value);
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

/** In ten bytes, as protobuf has them. */
function negative(value) {
  const bytes = [];
  for (let rest = BigInt.asUintN(64, BigInt(value)); rest > 0n; rest >>= 7n) {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
  }
  return Buffer.from(bytes);
}

const integerField = (field, value) => Buffer.concat([varint(field * 8), varint(value)]);
const bytesField = (field, bytes) => Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
const textField = (field, text) => bytesField(field, Buffer.from(text));

function fixed32Field(field, value) {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), bytes]);
}

/** Serialized AttrValues. */
export const attribute = {
  text: (value) => textField(2, value),
  integer: (value) => integerField(3, value),
  float: (value) => fixed32Field(4, value),
  boolean: (value) => integerField(5, value ? 1 : 0),
  type: (value) => integerField(6, value),
  shape: (sizes) => bytesField(7, Buffer.concat(sizes.map((size) => bytesField(2, integerField(1, size))))),
  types: (values) => bytesField(1, bytesField(6, Buffer.concat(values.map(varint)))),
  integers: (values) => bytesField(1, bytesField(3, Buffer.concat(values.map(varint)))),
  tensor: (type, shape, bytes) => {
    const dims = shape.map((size) => bytesField(2, integerField(1, size)));
    return bytesField(
      8,
      Buffer.concat([integerField(1, type), bytesField(2, Buffer.concat(dims)), bytesField(4, bytes)]),
    );
  },
};

/** A graph under construction; every method returns the node's name. */
export class GraphDef {
  #nodes = [];

  node(op, name, inputs, attributes) {
    const entries = Object.entries(attributes).map(([key, value]) =>
      bytesField(5, Buffer.concat([textField(1, key), bytesField(2, value)])),
    );
    const parts = [textField(1, name), textField(2, op), ...inputs.map((input) => textField(3, input)), ...entries];
    this.#nodes.push(bytesField(1, Buffer.concat(parts)));
    return name;
  }

  /** @param {number[]} [shape] -1 for any size; undeclared where left out */
  placeholder(name, shape) {
    const declared = shape === undefined ? {} : { shape: attribute.shape(shape) };
    return this.node('Placeholder', name, [], { dtype: attribute.type(FLOAT), ...declared });
  }

  /** @param {Float32Array} values */
  constant(name, shape, values) {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    return this.node('Const', name, [], { dtype: attribute.type(FLOAT), value: attribute.tensor(FLOAT, shape, bytes) });
  }

  integer(name, value) {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value);
    return this.node('Const', name, [], { dtype: attribute.type(INT32), value: attribute.tensor(INT32, [], bytes) });
  }

  /** A constant of int32. */
  integers(name, shape, values) {
    const bytes = Buffer.from(Int32Array.from(values).buffer);
    return this.node('Const', name, [], { dtype: attribute.type(INT32), value: attribute.tensor(INT32, shape, bytes) });
  }

  transpose(name, input, permutation) {
    const types = { T: attribute.type(FLOAT), Tperm: attribute.type(INT32) };
    return this.node('Transpose', name, [input, this.integers(`${name}/perm`, [4], permutation)], types);
  }

  conv2d(name, input, filter, [rows, columns] = [1, 1], pad = 'same') {
    return this.node('Conv2D', name, [input, filter], {
      T: attribute.type(FLOAT),
      strides: attribute.integers([1, rows, columns, 1]),
      padding: attribute.text(pad.toUpperCase()),
    });
  }

  biasAdd(name, input, bias) {
    return this.node('BiasAdd', name, [input, bias], { T: attribute.type(FLOAT) });
  }

  relu(name, input) {
    return this.node('Relu', name, [input], { T: attribute.type(FLOAT) });
  }

  maxPool(name, input, [height, width], [rows, columns], pad = 'same') {
    return this.node('MaxPool', name, [input], {
      T: attribute.type(FLOAT),
      ksize: attribute.integers([1, height, width, 1]),
      strides: attribute.integers([1, rows, columns, 1]),
      padding: attribute.text(pad.toUpperCase()),
    });
  }

  lrn(name, input, { depthRadius, bias, alpha, beta }) {
    return this.node('LRN', name, [input], {
      T: attribute.type(FLOAT),
      depth_radius: attribute.integer(depthRadius),
      bias: attribute.float(bias),
      alpha: attribute.float(alpha),
      beta: attribute.float(beta),
    });
  }

  /** TF1's Concat, as frozen graphs of 2015 have it: the axis first, from a constant. */
  concat(name, inputs, axis) {
    return this.node('Concat', name, [this.integer(`${name}/concat_dim`, axis), ...inputs], {
      T: attribute.type(FLOAT),
      N: attribute.integer(inputs.length),
    });
  }

  bytes() {
    return Buffer.concat(this.#nodes);
  }
}
