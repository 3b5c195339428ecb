import path from 'node:path';
import envPaths from 'env-paths';

function read(name: string): string | undefined {
  // Set but empty means not set, as shells have it.
  return process.env[name] || undefined;
}

/** Every environment variable that livedream reads. Read at each use, so that tests and programs may set them. */
export const ENVIRONMENT = {
  /** LIVEDREAM_TENSORFLOW: a folder that holds libtensorflow (or a `tensorflow` folder that does), or one of its files. */
  tensorflow: (): string | undefined => read('LIVEDREAM_TENSORFLOW'),
  /** LIVEDREAM_CACHE: where the runtime and fetched models are installed and downloads are kept; default: the user's cache folder. */
  cache: (): string => path.resolve(read('LIVEDREAM_CACHE') ?? envPaths('livedream', { suffix: '' }).cache),
  /** LIVEDREAM_MODELS: where the user's own models and filters are kept; default: the user's folder for data. */
  models: (): string =>
    path.resolve(read('LIVEDREAM_MODELS') ?? path.join(envPaths('livedream', { suffix: '' }).data, 'models')),
  /** LIVEDREAM_MODEL_MIRROR: the address that models are fetched from instead of their own. */
  modelMirror: (): string | undefined => read('LIVEDREAM_MODEL_MIRROR'),
  /**
   * LIVEDREAM_COMPILE_CACHE: where programs that XLA compiled are kept, or `off`; default: the folder `compiled` of the cache.
   * A relative folder is the working folder's.
   */
  compileCache: (): string | undefined => {
    const given = read('LIVEDREAM_COMPILE_CACHE');
    if (given === 'off') return undefined;
    return given === undefined ? path.join(ENVIRONMENT.cache(), 'compiled') : path.resolve(given);
  },
  /** LIVEDREAM_THUMBNAILS: where the service keeps thumbnails of filters, or `off`; default: the folder `thumbnails` of the cache. */
  thumbnails: (): string | undefined => {
    const given = read('LIVEDREAM_THUMBNAILS');
    if (given === 'off') return undefined;
    return given === undefined ? path.join(ENVIRONMENT.cache(), 'thumbnails') : path.resolve(given);
  },
  /** LIVEDREAM_TOKEN: what clients of `livedream serve` must send, where no flag says it. */
  token: (): string | undefined => read('LIVEDREAM_TOKEN'),
  /** LIVEDREAM_QUEUE: the Redis of the farm, with its password. */
  queue: (): string | undefined => read('LIVEDREAM_QUEUE'),
  /** LIVEDREAM_STORE: the store of the farm: a folder, or s3://bucket/prefix. */
  store: (): string | undefined => read('LIVEDREAM_STORE'),
  /** LIVEDREAM_COMPILE_CACHE_LIMIT: how many bytes they may take; default: 512 MiB. */
  compileCacheLimit: (): string | undefined => read('LIVEDREAM_COMPILE_CACHE_LIMIT'),
  /** TF_XLA_FLAGS, XLA_FLAGS: TensorFlow's own; what XLA makes of a program may depend on them. */
  xlaFlags: (): readonly string[] => [read('TF_XLA_FLAGS') ?? '', read('XLA_FLAGS') ?? ''],
  /**
   * LIVEDREAM_TUNING: the folder where is kept how many pictures or tiles are fastest side by side, or `off`: then that is not
   * measured; default: the folder `tuning` of the cache. A relative folder is the working folder's.
   */
  tuningFile: (): string | undefined => {
    const given = read('LIVEDREAM_TUNING');
    if (given === 'off') return undefined;
    const folder = given === undefined ? path.join(ENVIRONMENT.cache(), 'tuning') : path.resolve(given);
    return path.join(folder, 'batches.json');
  },
  /**
   * LIVEDREAM_PYTHON: the only Python that is asked for pip and for an installed TensorFlow; default: those of VIRTUAL_ENV
   * and CONDA_PREFIX, `python3`, `python`.
   */
  python: (): string | undefined => read('LIVEDREAM_PYTHON'),
  /** LIVEDREAM_FFMPEG: the ffmpeg to use, or the folder of it; ffprobe lies beside it. Default: those of the path. */
  ffmpeg: (): string | undefined => read('LIVEDREAM_FFMPEG'),
  /** LIVEDREAM_VERBOSE: set to anything, TensorFlow's log lines are let through. */
  verbose: (): boolean => read('LIVEDREAM_VERBOSE') !== undefined,
  /** VIRTUAL_ENV, CONDA_PREFIX: the Python environments that are active in this shell. */
  pythonEnvironments: (): readonly string[] =>
    [read('VIRTUAL_ENV'), read('CONDA_PREFIX')].filter((folder) => folder !== undefined),
  /** LD_LIBRARY_PATH, DYLD_LIBRARY_PATH: the system's own list of folders with libraries. */
  libraryPath: (): readonly string[] =>
    (read('LD_LIBRARY_PATH') ?? read('DYLD_LIBRARY_PATH') ?? '').split(path.delimiter).filter(Boolean),
  /** CUDA_VISIBLE_DEVICES: CUDA's own; an empty one or -1 hides every GPU, so here empty is not the same as not set. */
  visibleGpus: (): string | undefined => process.env['CUDA_VISIBLE_DEVICES'],
} as const;

export function runtimeFolder(): string {
  return path.join(ENVIRONMENT.cache(), 'runtime');
}

export function downloadFolder(): string {
  return path.join(ENVIRONMENT.cache(), 'downloads');
}

/** A model that was fetched: its graph, and its labels. */
export function fetchedModelFolder(name: string): string {
  return path.join(ENVIRONMENT.cache(), 'models', name);
}

/** A model that the user added: its description, and its graph. */
export function ownModelFolder(name: string): string {
  return path.join(ENVIRONMENT.models(), name);
}

/** The user's own filters of a model, whosever it is: without a description beside them, of one of the package's. */
export function ownFiltersFile(model: string): string {
  return path.join(ownModelFolder(model), 'filters.json');
}
