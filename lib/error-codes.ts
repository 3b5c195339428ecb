/**
 * Every error code of livedream, with what it means and what repairs it. Types, messages and docs come from this table.
 * The native addon throws with the same codes (native/error.h).
 */
export const ERROR_CODES = {
  ERR_LIVEDREAM_ADDON_MISSING: {
    meaning: 'The native addon is not there for this platform, or cannot be loaded here.',
    repair: 'Build it with `npx livedream build` (cmake and a C++17 compiler).',
  },
  ERR_LIVEDREAM_RUNTIME_MISSING: {
    meaning: 'libtensorflow was not found.',
    repair: 'Run `npx livedream install`, or set LIVEDREAM_TENSORFLOW to a folder that holds it.',
  },
  ERR_LIVEDREAM_RUNTIME_VERSION: {
    meaning:
      'The libtensorflow that was found has a version livedream does not support, or lacks a function of its C API.',
    repair: 'Run `npx livedream install` for the supported version, or unset LIVEDREAM_TENSORFLOW.',
  },
  ERR_LIVEDREAM_RUNTIME_UNLOADABLE: {
    meaning: 'libtensorflow was found but the system could not load it.',
    repair: 'Run `npx livedream doctor`; install again with `npx livedream install --force`.',
  },
  ERR_LIVEDREAM_INSTALL_FAILED: {
    meaning: 'The TensorFlow runtime could not be installed.',
    repair: 'Read the cause; with no network or no Python use `npx livedream install --from WHEEL`.',
  },
  ERR_LIVEDREAM_CHECKSUM: {
    meaning: 'A file does not have the SHA-256 it must have.',
    repair: 'Fetch it again; if it stays so, do not use it.',
  },
  ERR_LIVEDREAM_DEVICE_UNAVAILABLE: {
    meaning: 'The device that was asked for cannot be had here.',
    repair: "Use device 'auto' or 'cpu', and see `npx livedream doctor` for the reason.",
  },
  ERR_LIVEDREAM_XLA_UNAVAILABLE: {
    meaning: 'XLA was asked for and cannot compile this network on this device.',
    repair: "Use xla 'auto' or false.",
  },
  ERR_LIVEDREAM_PRECISION_UNAVAILABLE: {
    meaning: 'The precision that was asked for cannot be had on this device.',
    repair: "Use precision 'auto' or 'float32'.",
  },
  ERR_LIVEDREAM_MODEL_UNREADABLE: {
    meaning: 'The model is nothing that livedream can dream with, or its description does not fit it.',
    repair: 'Give a model as docs/models.md describes it.',
  },
  ERR_LIVEDREAM_MODEL_UNKNOWN: {
    meaning: 'No model of that name is known, and no file is there.',
    repair: 'Give the path of a .pb file.',
  },
  ERR_LIVEDREAM_MODEL_NOT_FETCHED: {
    meaning: 'The model has to be downloaded first; livedream never does that unasked.',
    repair: 'Run `npx livedream models fetch NAME`, or call `fetchModel(NAME)`.',
  },
  ERR_LIVEDREAM_FETCH_UNREACHABLE: {
    meaning: 'The server that a model is fetched from could not be reached, or broke off again and again.',
    repair:
      'Try again: it goes on from what has come. Behind a proxy set HTTPS_PROXY; fetch from elsewhere with `--mirror URL`, or give a file that you have with `--from FILE`.',
  },
  ERR_LIVEDREAM_FETCH_REFUSED: {
    meaning: 'The server that a model is fetched from does not give the file.',
    repair: 'Fetch from elsewhere with `--mirror URL`, or give a file that you have with `--from FILE`.',
  },
  ERR_LIVEDREAM_CACHE_UNWRITABLE: {
    meaning:
      'A fetched model cannot be kept, or a compiled program or what was measured not removed: the cache folder cannot be written to, or its disk is full.',
    repair: 'Make room there, or set LIVEDREAM_CACHE to a folder that can be written to.',
  },
  ERR_LIVEDREAM_LAYER_UNKNOWN: {
    meaning: 'The network has no such layer.',
    repair: 'Use one of the names that `npx livedream layers` lists.',
  },
  ERR_LIVEDREAM_FILTER_UNKNOWN: {
    meaning: "The model's catalogue has no filter of that name.",
    repair: 'Use one of the names in the message, or a layer and a channel.',
  },
  ERR_LIVEDREAM_CHANNEL_RANGE: {
    meaning: 'The layer has no channel of that number.',
    repair: 'Use a channel from 0 to the number in the message.',
  },
  ERR_LIVEDREAM_CHANNEL_UNKNOWN: {
    meaning: 'No channel has that name.',
    repair: "Use one of the names that `npx livedream layers --names` lists, or a channel's number with its layer.",
  },
  ERR_LIVEDREAM_DIRECTION_UNREADABLE: {
    meaning: "A file that was given for a direction over a layer's channels holds none that can be read.",
    repair: 'Give a .json (an array of numbers), a .npy (one row or column) or a .csv, as the message says.',
  },
  ERR_LIVEDREAM_NOT_DIFFERENTIABLE: {
    meaning: 'TensorFlow has no gradient for an operation between the picture and the layer.',
    repair: 'Choose a layer before that operation.',
  },
  ERR_LIVEDREAM_IMAGE_UNREADABLE: {
    meaning: 'The picture is missing, empty, truncated or in no format that can be read.',
    repair: 'Give a readable PNG, JPEG, WebP, AVIF, GIF or TIFF.',
  },
  ERR_LIVEDREAM_IMAGE_TOO_SMALL: {
    meaning: 'The picture, or its smallest octave, is smaller than the network can take.',
    repair: 'Use fewer octaves, a smaller octaveScale or a larger picture.',
  },
  ERR_LIVEDREAM_IMAGE_TOO_LARGE: {
    meaning: 'The dream of a picture of this size needs more memory than the limit allows.',
    repair: 'Use a smaller picture (`size`), a smaller tileSize or a larger memoryLimit.',
  },
  ERR_LIVEDREAM_IMAGE_ANIMATED: {
    meaning: 'The picture has several frames.',
    repair: 'Say which one with the option `page`.',
  },
  ERR_LIVEDREAM_OPTION_TYPE: {
    meaning: 'An option has a value of the wrong type.',
    repair: 'Give what the message asks for.',
  },
  ERR_LIVEDREAM_OPTION_RANGE: {
    meaning: 'An option has a value that is not allowed.',
    repair: 'Give a value in the range of the message.',
  },
  ERR_LIVEDREAM_OUTPUT_UNWRITABLE: {
    meaning: 'The result could not be written.',
    repair:
      'Choose a folder that exists and that you may write to, and a file type that is known and holds such a picture.',
  },
  ERR_LIVEDREAM_PARAMETERS_MISSING: {
    meaning:
      'The picture does not say what it was made with: livedream did not write it, or another program wrote it again.',
    repair: 'Give a picture that `livedream dream` wrote without `--no-parameters`.',
  },
  ERR_LIVEDREAM_PARAMETERS_UNREADABLE: {
    meaning: 'What the picture says of how it was made is damaged.',
    repair: 'Give the picture as livedream wrote it.',
  },
  ERR_LIVEDREAM_PARAMETERS_NEWER: {
    meaning: 'What the picture says of how it was made was written by a newer livedream, and in another way.',
    repair: 'Update livedream.',
  },
  ERR_LIVEDREAM_REPLAY_DIFFERS: {
    meaning: 'A dream is to be made again of another photo, or with another model, than it was made with.',
    repair: 'Give the photo and the model that it was made with; `--force` dreams all the same.',
  },
  ERR_LIVEDREAM_RECIPE_UNREADABLE: {
    meaning: 'A recipe is missing, no JSON, too large, or a field of it is wrong.',
    repair: 'Change the field that is named; `schema/recipe.schema.json` of the package tells editors what there is.',
  },
  ERR_LIVEDREAM_RECIPE_NEWER: {
    meaning: 'A recipe was written for a newer livedream, and may say what this one does not know.',
    repair: 'Update livedream.',
  },
  ERR_LIVEDREAM_FFMPEG_MISSING: {
    meaning:
      'Films are read and written by ffmpeg, and no ffmpeg with ffprobe beside it was found, or one that is too old.',
    repair:
      'Install ffmpeg 4.4 or later (Debian: apt-get install ffmpeg; macOS: brew install ffmpeg; Windows: winget install ffmpeg), or set LIVEDREAM_FFMPEG to it.',
  },
  ERR_LIVEDREAM_FFMPEG_FAILED: {
    meaning: 'ffmpeg ended in the middle of its work, or refused it.',
    repair: 'Read the cause; frames that were finished are kept, and `--resume` goes on with them.',
  },
  ERR_LIVEDREAM_VIDEO_UNREADABLE: {
    meaning: 'The film is missing, damaged, in no format that this ffmpeg knows, or has no frames.',
    repair: 'Give a film that `ffprobe FILE` can read, or a folder of pictures.',
  },
  ERR_LIVEDREAM_VIDEO_UNFINISHED: {
    meaning: 'Frames of an earlier run that was interrupted are kept beside the output, and they are not of this run.',
    repair: 'Go on with `--resume` and the same options, or remove the folder in the message to begin again.',
  },
  ERR_LIVEDREAM_SEGMENT_MISMATCH: {
    meaning:
      "A segment of a film, its checkpoint or a file of its finished frames is not what the film's plan says: another film, or damaged, missing or given twice.",
    repair:
      'Dream the segment again; if it stays so, plan the film again, with the same film, ffmpeg and livedream on every machine.',
  },
  ERR_LIVEDREAM_BENCH_UNREADABLE: {
    meaning: 'A file that benchmarks are to be compared by is none, or is damaged.',
    repair: 'Give two files that `livedream bench --json FILE` of this version has written.',
  },
  ERR_LIVEDREAM_PEERS_MISSING: {
    meaning: 'Other programs were to be measured beside livedream, and they or their Python environment cannot be had.',
    repair:
      'Measure in a clone of livedream, with Python 3.11 or later and 7 GB of disk; without, leave out `--peers`.',
  },
  ERR_LIVEDREAM_CHART_MISSING: {
    meaning: 'Charts are drawn by packages that are not installed, as few need them.',
    repair: 'Run `npm install vega vega-lite`.',
  },
  ERR_LIVEDREAM_NOT_FINITE: {
    meaning: 'The picture turned to NaN or infinity while it was dreamed.',
    repair: 'Use a smaller step; if it stays so, the network or its preprocessing is at fault.',
  },
  ERR_LIVEDREAM_OUT_OF_MEMORY: {
    meaning: 'TensorFlow could not get the memory that it needed.',
    repair: 'Use a smaller picture or a smaller tileSize.',
  },
  ERR_LIVEDREAM_UNAUTHORIZED: {
    meaning: 'The service wants a token, and the request has none or another.',
    repair: 'Send the header `Authorization: Bearer TOKEN`.',
  },
  ERR_LIVEDREAM_REQUEST_UNREADABLE: {
    meaning: "A request's body is not what its type says, or has parts that nothing asks for.",
    repair:
      'Send a form with a file `image`, or `start` (JSON) in its place, and, if you like, a file `mask` and the fields `options` or `recipe` (JSON), `format`, `quality`, `parameters` and `xla`.',
  },
  ERR_LIVEDREAM_ORIGIN_REFUSED: {
    meaning: 'A page of another origin wanted to open the live socket of the service.',
    repair: 'Allow its origin with the option `origins` (`--origins`), if it is yours.',
  },
  ERR_LIVEDREAM_UPGRADE_REQUIRED: {
    meaning: 'The address of the live socket was asked for by a request that opens no WebSocket.',
    repair: 'Open a WebSocket with the subprotocol `livedream.v1`: docs/service.md.',
  },
  ERR_LIVEDREAM_MESSAGE_UNREADABLE: {
    meaning: 'A live client speaks another protocol than the service, or sent a message that is not of it.',
    repair: 'Offer the subprotocol `livedream.v1` and send its messages: docs/service.md.',
  },
  ERR_LIVEDREAM_LIVE_CHANGES: {
    meaning:
      'A live client changes sizes, layers or octaves faster than the service builds programs for one client; the frame was dropped.',
    repair: 'Stay with one size and layer for some seconds, then send frames again.',
  },
  ERR_LIVEDREAM_NOT_ACCEPTABLE: {
    meaning: 'The client takes no format that the service gives.',
    repair: 'Send `Accept: image/png`, or say which `format`.',
  },
  ERR_LIVEDREAM_QUEUE_FULL: {
    meaning: 'More dreams wait on this Dreamer than its queue holds.',
    repair:
      'For many pictures use `for await (const { dream } of dreamer.dreamAll(pictures))`, or await one dream before asking for the next; or raise queueLimit.',
  },
  ERR_LIVEDREAM_FARM_PACKAGE: {
    meaning: 'A package that the farm needs, and that livedream does not bring, is not installed.',
    repair: 'Install it beside livedream, as the message says.',
  },
  ERR_LIVEDREAM_FARM_QUEUE: {
    meaning:
      "The farm's Redis cannot be reached, does not let livedream in, is too old, or may throw jobs away when its memory is full.",
    repair: 'Do what the message says; docs/farm.md tells what a farm needs.',
  },
  ERR_LIVEDREAM_FARM_STORE: {
    meaning: "The farm's store cannot be read or written, or what should be there is not.",
    repair: 'Give every worker and every client the same `--store`, with the right to read and to write.',
  },
  ERR_LIVEDREAM_FARM_REFUSED: {
    meaning: 'No worker of the farm has the version of livedream, TensorFlow or the model that the job needs.',
    repair:
      'Start workers of that version, or put the job in with the version that they have: `npx livedream farm status`.',
  },
  ERR_LIVEDREAM_FARM_JOB: {
    meaning: 'A job of the farm is none that its worker knows, was removed, or killed its workers again and again.',
    repair: 'See `npx livedream farm status`, and the log of the workers.',
  },
  ERR_LIVEDREAM_ABORTED: {
    meaning:
      "The work was cancelled: by its AbortSignal, whose reason is the error's `cause`, or by `dispose()`. The error's `name` is `AbortError`.",
    repair: 'Nothing to repair.',
  },
  ERR_LIVEDREAM_DISPOSED: {
    meaning: 'The Dreamer was disposed of.',
    repair: 'Load a new one.',
  },
  ERR_LIVEDREAM_TENSORFLOW: {
    meaning: 'TensorFlow reported an error that livedream has no better name for.',
    repair: 'Read the cause; please report it with `npx livedream doctor --json`.',
  },
  ERR_LIVEDREAM_INTERNAL: {
    meaning: 'A fault of livedream itself.',
    repair: 'Please report it with `npx livedream doctor --json`.',
  },
} as const satisfies Record<string, { meaning: string; repair: string }>;

/** A stable error code. */
export type ErrorCode = keyof typeof ERROR_CODES;
