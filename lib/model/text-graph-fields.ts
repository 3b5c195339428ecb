// The messages of a GraphDef, as tensorflow/core/framework/*.proto describe them: what the text of a graph may say.

/** How a field's value is written. */
export type Scalar = 'text' | 'integer' | 'boolean' | 'float' | 'double' | 'type';

export interface TextField {
  readonly number: number;
  /** A message's name; `unread` is for what says nothing about what a graph computes. */
  readonly is: Scalar | MessageName | 'unread';
}

type Fields = Readonly<Record<string, readonly [number, TextField['is']]>>;

const MESSAGE_NAMES = [
  'GraphDef',
  'NodeDef',
  'AttrEntry',
  'AttrValue',
  'ListValue',
  'NameAttrList',
  'TensorShapeProto',
  'Dim',
  'TensorProto',
  'VersionDef',
  'FunctionDefLibrary',
  'FunctionDef',
  'GradientDef',
  'RegisteredGradient',
  'ArgAttrsEntry',
  'ArgAttrs',
  'NumberEntry',
  'TextEntry',
  'OpDef',
  'ArgDef',
  'AttrDef',
  'OpDeprecation',
] as const;

export type MessageName = (typeof MESSAGE_NAMES)[number];

const MESSAGES: Readonly<Record<MessageName, Fields>> = {
  GraphDef: {
    node: [1, 'NodeDef'],
    library: [2, 'FunctionDefLibrary'],
    version: [3, 'integer'],
    versions: [4, 'VersionDef'],
    debug_info: [5, 'unread'],
  },
  NodeDef: {
    name: [1, 'text'],
    op: [2, 'text'],
    input: [3, 'text'],
    device: [4, 'text'],
    attr: [5, 'AttrEntry'],
    experimental_debug_info: [6, 'unread'],
    experimental_type: [7, 'unread'],
  },
  AttrEntry: { key: [1, 'text'], value: [2, 'AttrValue'] },
  AttrValue: {
    list: [1, 'ListValue'],
    s: [2, 'text'],
    i: [3, 'integer'],
    f: [4, 'float'],
    b: [5, 'boolean'],
    type: [6, 'type'],
    shape: [7, 'TensorShapeProto'],
    tensor: [8, 'TensorProto'],
    placeholder: [9, 'text'],
    func: [10, 'NameAttrList'],
  },
  ListValue: {
    s: [2, 'text'],
    i: [3, 'integer'],
    f: [4, 'float'],
    b: [5, 'boolean'],
    type: [6, 'type'],
    shape: [7, 'TensorShapeProto'],
    tensor: [8, 'TensorProto'],
    func: [9, 'NameAttrList'],
  },
  NameAttrList: { name: [1, 'text'], attr: [2, 'AttrEntry'] },
  TensorShapeProto: { dim: [2, 'Dim'], unknown_rank: [3, 'boolean'] },
  Dim: { size: [1, 'integer'], name: [2, 'text'] },
  TensorProto: {
    dtype: [1, 'type'],
    tensor_shape: [2, 'TensorShapeProto'],
    version_number: [3, 'integer'],
    tensor_content: [4, 'text'],
    float_val: [5, 'float'],
    double_val: [6, 'double'],
    int_val: [7, 'integer'],
    string_val: [8, 'text'],
    scomplex_val: [9, 'float'],
    int64_val: [10, 'integer'],
    bool_val: [11, 'boolean'],
    dcomplex_val: [12, 'double'],
    half_val: [13, 'integer'],
    uint32_val: [16, 'integer'],
    uint64_val: [17, 'integer'],
    float8_val: [18, 'text'],
  },
  VersionDef: { producer: [1, 'integer'], min_consumer: [2, 'integer'], bad_consumers: [3, 'integer'] },
  FunctionDefLibrary: {
    function: [1, 'FunctionDef'],
    gradient: [2, 'GradientDef'],
    registered_gradients: [3, 'RegisteredGradient'],
  },
  FunctionDef: {
    signature: [1, 'OpDef'],
    node_def: [3, 'NodeDef'],
    ret: [4, 'TextEntry'],
    attr: [5, 'AttrEntry'],
    control_ret: [6, 'TextEntry'],
    arg_attr: [7, 'ArgAttrsEntry'],
    resource_arg_unique_id: [8, 'NumberEntry'],
  },
  GradientDef: { function_name: [1, 'text'], gradient_func: [2, 'text'] },
  RegisteredGradient: { gradient_func: [1, 'text'], registered_op_type: [2, 'text'] },
  ArgAttrsEntry: { key: [1, 'integer'], value: [2, 'ArgAttrs'] },
  ArgAttrs: { attr: [1, 'AttrEntry'] },
  NumberEntry: { key: [1, 'integer'], value: [2, 'integer'] },
  TextEntry: { key: [1, 'text'], value: [2, 'text'] },
  OpDef: {
    name: [1, 'text'],
    input_arg: [2, 'ArgDef'],
    output_arg: [3, 'ArgDef'],
    attr: [4, 'AttrDef'],
    summary: [5, 'text'],
    description: [6, 'text'],
    deprecation: [8, 'OpDeprecation'],
    is_aggregate: [16, 'boolean'],
    is_stateful: [17, 'boolean'],
    is_commutative: [18, 'boolean'],
    allows_uninitialized_input: [19, 'boolean'],
    control_output: [20, 'text'],
    is_distributed_communication: [21, 'boolean'],
  },
  ArgDef: {
    name: [1, 'text'],
    description: [2, 'text'],
    type: [3, 'type'],
    type_attr: [4, 'text'],
    number_attr: [5, 'text'],
    type_list_attr: [6, 'text'],
    handle_data: [7, 'unread'],
    is_ref: [16, 'boolean'],
    experimental_full_type: [17, 'unread'],
  },
  AttrDef: {
    name: [1, 'text'],
    type: [2, 'text'],
    default_value: [3, 'AttrValue'],
    description: [4, 'text'],
    has_minimum: [5, 'boolean'],
    minimum: [6, 'integer'],
    allowed_values: [7, 'AttrValue'],
  },
  OpDeprecation: { version: [1, 'integer'], explanation: [2, 'text'] },
};

/** types.proto's DataType; a type with _REF at its end is 100 more. */
const TYPES: Readonly<Record<string, number>> = {
  DT_INVALID: 0,
  DT_FLOAT: 1,
  DT_DOUBLE: 2,
  DT_INT32: 3,
  DT_UINT8: 4,
  DT_INT16: 5,
  DT_INT8: 6,
  DT_STRING: 7,
  DT_COMPLEX64: 8,
  DT_INT64: 9,
  DT_BOOL: 10,
  DT_QINT8: 11,
  DT_QUINT8: 12,
  DT_QINT32: 13,
  DT_BFLOAT16: 14,
  DT_QINT16: 15,
  DT_QUINT16: 16,
  DT_UINT16: 17,
  DT_COMPLEX128: 18,
  DT_HALF: 19,
  DT_RESOURCE: 20,
  DT_VARIANT: 21,
  DT_UINT32: 22,
  DT_UINT64: 23,
  DT_FLOAT8_E5M2: 24,
  DT_FLOAT8_E4M3FN: 25,
  DT_FLOAT8_E4M3FNUZ: 26,
  DT_FLOAT8_E4M3B11FNUZ: 27,
  DT_FLOAT8_E5M2FNUZ: 28,
  DT_INT4: 29,
  DT_UINT4: 30,
  DT_INT2: 31,
  DT_UINT2: 32,
  DT_FLOAT4_E2M1FN: 33,
};

export function typeNumber(name: string): number | undefined {
  if (!name.endsWith('_REF')) return Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
  const plain = name.slice(0, -'_REF'.length);
  return Object.hasOwn(TYPES, plain) ? (TYPES[plain] as number) + 100 : undefined;
}

export function textField(message: MessageName, name: string): TextField | undefined {
  if (!Object.hasOwn(MESSAGES[message], name)) return undefined;
  const [number, is] = MESSAGES[message][name] as Fields[string];
  return { number, is };
}

export function fieldNames(message: MessageName): string[] {
  return Object.keys(MESSAGES[message]);
}
