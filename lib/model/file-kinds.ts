import {
  cutAt,
  type FileLook,
  hasAt,
  holdsTar,
  isCaffe,
  isCoreMl,
  isGraph,
  isMetaGraph,
  isOnnx,
  isSavedModel,
  isZip,
  textMatches,
  textOf,
} from './file-look.js';

/** A kind of file that may be given as a model. */
export interface FileKind {
  readonly what: string;
  /**
   * What to do about it, with the one command that converts it. FILE stands for the file's path, FOLDER for its folder's,
   * PREFIX for what the names of a checkpoint's files begin with; DIR, LAYER and `net.…` stay as they are.
   */
  readonly todo: string;
  /** What such files are called. */
  readonly example: string;
  /** Whether a file is of this kind, or a text that says more about it; the first kind of the table that it is counts. */
  readonly is: (look: FileLook) => boolean | string;
  /** Of what also lies beside models and is none. */
  readonly stray?: true;
}

const KERAS = `Run \`python -c "import keras; keras.models.load_model('FILE').export('DIR')"\`, and give the folder DIR.`;
const TORCH =
  "In the Python that builds the network, run `torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), 'net.onnx')`, then `onnx2tf -i net.onnx -o DIR -fdosm`, and give the folder DIR.";
const UNPACKED = 'and give what is in it.';

const starts = ({ head }: FileLook, ...magics: readonly string[]): boolean =>
  magics.some((magic) => hasAt(head, 0, magic));
const holds = ({ entries = [] }: FileLook, pattern: RegExp): boolean => entries.some((name) => pattern.test(name));

function isPicture(look: FileLook): boolean {
  if (starts(look, '\x89PNG\r\n', '\xff\xd8\xff', 'GIF8', 'II*\0', 'MM\0*')) return true;
  if (starts(look, 'RIFF')) return hasAt(look.head, 8, 'WEBP');
  return ['ftypavif', 'ftypheic', 'ftypmif1'].some((magic) => hasAt(look.head, 4, magic));
}

const isArchive = (look: FileLook): boolean =>
  hasAt(look.head, 257, 'ustar') || starts(look, '\xfd7zXZ\0', '\x28\xb5\x2f\xfd', '7z\xbc\xaf', 'Rar!', 'BZh91AY&SY');

/** LevelDB's tables end with this number. The values themselves are bare, and only their file's name tells. */
function isCheckpoint(look: FileLook): boolean {
  if (hasAt(look.tail, look.tail.length - 8, '\x57\xfb\x80\x8b\x24\x75\x47\xdb')) return true;
  if (/\.data-\d{5}-of-\d{5}$/.test(look.name)) return !isGraph(look);
  return textMatches(look, /^model_checkpoint_path:/);
}

/** Eight bytes say how long the JSON is that follows. */
function isSafetensors({ head, size }: FileLook): boolean {
  const length = head.length > 9 ? Buffer.from(head.subarray(0, 8)).readBigUInt64LE() : 0n;
  return length > 1n && length < size && hasAt(head, 8, '{"');
}

/** What a zip holds, graphs first. */
function contents({ entries = [] }: FileLook): string {
  const files = entries.filter((name) => !name.endsWith('/'));
  const sorted = [...files.filter((name) => name.endsWith('.pb')), ...files.filter((name) => !name.endsWith('.pb'))];
  const more = sorted.length > 3 ? ` and ${sorted.length - 3} more` : '';
  return `it holds ${sorted.slice(0, 3).join(', ') || 'nothing'}${more}`;
}

/** Every kind that can be told, in the order in which they are tried. */
export const FILE_KINDS = {
  'git-lfs': {
    what: 'a Git LFS pointer in the place of the file',
    todo: 'Run `git lfs pull` in its repository.',
    example: 'net.pb',
    is: (look) => textMatches(look, /^version https:\/\/git-lfs\.github\.com\/spec\//),
  },
  keras: {
    what: 'a Keras model',
    todo: KERAS,
    example: 'net.keras',
    is: (look) => holds(look, /^config\.json$/) && holds(look, /^(metadata\.json|model\.weights\.(h5|npz))$/),
  },
  'keras-weights': {
    what: 'the weights of a Keras model without its layers',
    todo: "In the Python that builds the network, run `model.load_weights('FILE')` and `model.export('DIR')`, and give the folder DIR.",
    example: 'net.weights.h5',
    is: (look) => starts(look, '\x89HDF\r\n') && /weights[^/\\]*$/i.test(look.name),
  },
  hdf5: {
    what: 'an HDF5 file, as Keras wrote its models',
    todo: `${KERAS.replace(/\.$/, '')}; if it has weights only, load them by \`model.load_weights('FILE')\` in the Python that builds the network.`,
    example: 'net.h5',
    is: (look) => starts(look, '\x89HDF\r\n'),
  },
  tflite: {
    what: 'a TensorFlow Lite model',
    todo: "Run `onnx2tf -it FILE -o DIR -fdosm`, and give the folder DIR; if it is quantized, use the model that it was made of, of Keras by `model.export('DIR')`.",
    example: 'net.tflite',
    is: ({ head }) => hasAt(head, 4, 'TFL3'),
  },
  onnx: {
    what: 'an ONNX model',
    todo: 'Run `onnx2tf -i FILE -o DIR -fdosm`, and give the folder DIR.',
    example: 'net.onnx',
    is: isOnnx,
  },
  pytorch: {
    what: 'a PyTorch file',
    todo: TORCH,
    example: 'net.pt',
    is: (look) =>
      holds(look, /(^|\/)(data\.pkl|archive_format)$|serialized_exported_program\.json$/) ||
      starts(look, '\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'),
  },
  safetensors: {
    what: 'a safetensors file, which has weights without a network',
    todo: TORCH,
    example: 'net.safetensors',
    is: isSafetensors,
  },
  pickle: {
    what: 'a Python pickle',
    todo: "In the Python that made it, export the network: of Keras by `model.export('DIR')`, of PyTorch by `torch.onnx.export(model.eval(), torch.zeros(1, 3, 224, 224), 'net.onnx')` and `onnx2tf -i net.onnx -o DIR -fdosm`, and give the folder DIR.",
    example: 'net.pkl',
    is: (look) => starts(look, '\x80\x02', '\x80\x03', '\x80\x04', '\x80\x05'),
  },
  'saved-model': {
    what: "a SavedModel's own graph, whose weights lie in other files beside it",
    todo: 'Give its folder, FOLDER.',
    example: 'net/saved_model.pb',
    is: (look) => isSavedModel(look) || textMatches(look, /^saved_model_schema_version:/),
  },
  'meta-graph': {
    what: 'a part of a TensorFlow 1 checkpoint',
    todo: 'Run `python -m tensorflow.python.tools.freeze_graph --input_meta_graph=PREFIX.meta --input_checkpoint=PREFIX --input_binary --output_node_names=LAYER --output_graph=graph.pb` with the name of the last layer to keep, and give graph.pb.',
    example: 'net.ckpt.meta',
    is: isMetaGraph,
  },
  checkpoint: {
    what: 'a part of a checkpoint, which has weights without a network',
    todo: "In the Python that builds the network, run `tf.train.Checkpoint(model=model).restore('PREFIX')` and `model.export('DIR')`, and give the folder DIR.",
    example: 'net.ckpt.index',
    is: isCheckpoint,
  },
  truncated: {
    what: 'a frozen graph that is cut off',
    todo: 'Fetch it again.',
    example: 'net.pb',
    is: (look) => {
      const place = cutAt(look);
      return place !== undefined && `it has ${look.size} bytes and ends ${place}`;
    },
  },
  'tfjs-layers': {
    what: 'a TensorFlow.js layers model',
    todo: 'Run `tensorflowjs_converter --input_format=tfjs_layers_model --output_format=keras_saved_model FILE DIR`, and give the folder DIR.',
    example: 'model.json',
    is: (look) => textMatches(look, /^\{.*"format":\s*"layers-model"|^\{.*"modelTopology":.*"class_name":/s),
  },
  'tfjs-graph': {
    what: 'a TensorFlow.js graph model',
    todo: 'Run `tfjs_graph_converter FOLDER graph.pb`, and give graph.pb.',
    example: 'net/model.json',
    is: (look) => textMatches(look, /^\{.*"(format":\s*"graph-model"|modelTopology":|weightsManifest":)/s),
  },
  'keras-json': {
    what: 'the layers of a Keras model without its weights',
    todo: `Run \`python -c "import keras; net = keras.models.model_from_json(open('FILE').read()); net.load_weights('net.weights.h5'); net.export('DIR')"\` with the file of its weights, and give the folder DIR.`,
    example: 'net.json',
    is: (look) => textMatches(look, /^\{.*"class_name":\s*"(Functional|Sequential|Model)"/s),
  },
  'core-ml': {
    what: 'a Core ML model, which nothing turns back',
    todo: "Use the model that it was made of, of Keras by `model.export('DIR')`.",
    example: 'net.mlmodel',
    is: (look) => isCoreMl(look) || textMatches(look, /^\{.*"itemInfoEntries":/s),
  },
  caffe: {
    what: 'a Caffe network, for which no converter is kept',
    todo: 'Find the same network as ONNX, run `onnx2tf -i net.onnx -o DIR -fdosm`, and give the folder DIR.',
    example: 'net.caffemodel',
    is: (look) => isCaffe(look) || textMatches(look, /^(name:\s*"[^"]*"\s+)?(layers?\s*\{|input:|input_param)/),
  },
  numpy: {
    what: 'arrays of NumPy, which are no network',
    todo: "In the Python that builds the network, load them and run `model.export('DIR')`, and give the folder DIR.",
    example: 'net.npz',
    is: (look) => starts(look, '\x93NUMPY') || (holds(look, /\.npy$/) && !holds(look, /(?<!\.npy)$/)),
    stray: true,
  },
  zip: {
    what: 'a zip file',
    todo: `Run \`unzip FILE -d DIR\`, ${UNPACKED}`,
    example: 'net.zip',
    is: (look) => isZip(look) && look.entries !== undefined && contents(look),
    stray: true,
  },
  'zip-damaged': {
    what: 'a zip file that is damaged or cut off',
    todo: 'Fetch it again.',
    example: 'net.zip',
    is: isZip,
    stray: true,
  },
  'gzip-tar': {
    what: 'a gzipped tar file',
    todo: `Run \`mkdir DIR && tar -xzf FILE -C DIR\`, ${UNPACKED}`,
    example: 'net.tar.gz',
    is: (look) => starts(look, '\x1f\x8b') && holdsTar(look),
    stray: true,
  },
  gzip: {
    what: 'a gzip file',
    todo: 'Run `gunzip FILE`, and give the file that it leaves.',
    example: 'net.pb.gz',
    is: (look) => starts(look, '\x1f\x8b'),
    stray: true,
  },
  archive: {
    what: 'an archive',
    todo: `Run \`mkdir DIR && tar -xf FILE -C DIR\`, ${UNPACKED}`,
    example: 'net.tar',
    is: isArchive,
    stray: true,
  },
  picture: {
    what: 'a picture and no network',
    todo: 'Run `livedream dream FILE`, with `--model` for the network.',
    example: 'photo.jpg',
    is: isPicture,
    stray: true,
  },
  'web-page': {
    what: 'a web page or other XML in the place of the file',
    todo: 'Open its address in a browser, and fetch the file that the page offers.',
    example: 'net.pb',
    is: (look) => textMatches(look, /^<(!doctype|html|head|body|\?xml|!--)/i),
    stray: true,
  },
  json: {
    what: 'JSON and no network',
    todo: 'Give a model.json as docs/models.md describes it by its path, or the network itself.',
    example: 'labels.json',
    is: (look) => textMatches(look, /^[{[]/),
    stray: true,
  },
  text: {
    what: 'a text and no network',
    todo: 'Give the network itself, such as a frozen .pb.',
    example: 'labels.txt',
    is: (look) => (textOf(look) ?? '') !== '',
    stray: true,
  },
} as const satisfies Record<string, FileKind>;

export type FileKindName = keyof typeof FILE_KINDS;
