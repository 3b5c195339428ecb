import { constants } from 'node:fs';
import { copyFile, cp, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { withCaller } from '../caller.js';
import { LiveDreamError, optionRangeError, optionTypeError } from '../errors.js';
import type { ModelDescription } from '../model/description.js';
import type { Layer } from '../model/layer.js';
import type { ModelSource } from '../model/model-file.js';
import { modelPath, openModel } from '../model/source.js';
import { checkFunction, readSignal } from '../options/control.js';
import { ownModelFolder } from '../runtime/environment.js';
import { chooseDefaultLayer } from './default-layer.js';
import type { PreprocessingGuess } from './guess.js';
import { checkKept, keeping, toText, writeWhole } from './keep.js';
import { type Look, lookAt } from './look.js';
import { checkModelName, checkNewName, nameFrom } from './names.js';
import { bytesOf } from './sizes.js';

/** How far adding a model is. */
export interface AddProgress {
  readonly phase: 'look' | 'try' | 'copy';
  /** 0..1 of the phase; 0 where it is not known. */
  readonly fraction: number;
}

/** What is known of a model that is added; everything that is left out is looked for. */
export interface AddOptions extends Omit<ModelDescription, 'name' | 'sha256' | 'bytes' | 'layers' | 'fetch'> {
  /** Default: made from the name of its file or folder. */
  readonly name?: string | undefined;
  /** Refers to the file where it is instead of copying it. */
  readonly link?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: AddProgress) => unknown) | undefined;
}

/** A model that was added, with what was found by looking at it. */
export interface AddedModel {
  readonly name: string;
  /** Its model.json, which may be changed by hand. */
  readonly file: string;
  /** The graph's file, or the SavedModel's folder. */
  readonly graph: string;
  readonly linked: boolean;
  readonly description: ModelDescription;
  readonly input: Look['input'];
  readonly layers: readonly Layer[];
  readonly guess: PreprocessingGuess;
  readonly warnings: readonly string[];
}

const NOTE = 'Written by `livedream models add`. Change it where it is wrong, as docs/models.md tells.';

/** What its files are called, for a model that was given no name. */
function givenName(source: string, { description }: ModelSource): string {
  if (description.name !== undefined) return description.name;
  const resolved = path.resolve(source);
  const { base, dir } = path.parse(resolved);
  return /^(saved_model|graph|model|frozen_inference_graph)\.(pb|pbtxt|json)$/i.test(base) ? path.basename(dir) : base;
}

function nameFor(given: string | undefined, source: string, read: ModelSource): string {
  if (given !== undefined) return given;
  const called = givenName(source, read);
  const name = nameFrom(called);
  if (name === undefined) throw optionRangeError('name', `given, as none can be made from '${called}'`, given);
  return name;
}

/** The name of the graph within the model's folder. */
function graphName(place: string, isSavedModel: boolean): string {
  if (isSavedModel) return 'saved_model';
  return /\.pbtxt$/i.test(place) ? 'graph.pbtxt' : 'graph.pb';
}

/** Copied without copying where the disk can do that. */
async function copyGraph(place: string, target: string, isSavedModel: boolean): Promise<void> {
  const mode = constants.COPYFILE_FICLONE;
  // Links are followed: what they lead to must be there when the source is gone.
  if (isSavedModel) await cp(place, target, { recursive: true, dereference: true, mode });
  else await copyFile(place, target, mode);
}

function describe(read: ModelSource, found: Look, of: { name: string; graph: string; bytes: number }): object {
  const { name: _name, ...described } = read.description;
  const { guess, layers } = found;
  const { title, licence, provenance, ...rest } = described as ModelDescription & { notes?: unknown };
  const defaultLayer = described.defaultLayer ?? chooseDefaultLayer(layers)?.name;
  const guessed = guess.certainty === 'clear' || guess.certainty === 'unclear';
  return {
    name: of.name,
    ...{ title, licence, provenance },
    graph: of.graph,
    sha256: read.sha256,
    bytes: of.bytes,
    ...rest,
    input: found.input.name,
    preprocessing: guess.preprocessing,
    defaultLayer,
    // Whole layers are dreamed evenly: docs/algorithm.md.
    defaultOptions: described.defaultOptions ?? { equalize: 'positions' },
    notes: rest.notes ?? [NOTE, ...(guessed ? [`The preprocessing is a guess: ${guess.why}`] : [])],
    layers: layers.map(({ name, channels, stride, leastSize }) => ({ name, channels, stride, leastSize })),
  };
}

interface Adding {
  readonly source: string;
  readonly name: string;
  readonly read: ModelSource;
  readonly place: string;
  readonly found: Look;
  readonly link: boolean;
}

/** Puts the model's folder together, checks it as it will be opened, and moves it to its place. */
async function keep({ source, name, read, place, found, link }: Adding, temporary: string): Promise<string> {
  const folder = path.join(temporary, 'model');
  await mkdir(folder);
  const isSavedModel = read.checkpoint !== undefined;
  const graph = link ? path.resolve(place) : graphName(place, isSavedModel);
  if (!link) await copyGraph(place, path.join(folder, graph), isSavedModel);
  const bytes = await bytesOf(path.resolve(folder, graph));
  await writeWhole(path.join(folder, 'model.json'), toText(describe(read, found, { name, graph, bytes })), temporary);
  const copy = await openModel(folder);
  if (copy.sha256 !== read.sha256)
    throw new LiveDreamError('ERR_LIVEDREAM_CHECKSUM', `'${source}' was changed while it was copied.`);
  // Another process may have taken the name meanwhile.
  await checkNewName(name);
  await rename(folder, ownModelFolder(name));
  return path.resolve(ownModelFolder(name), graph);
}

function checkOptions({ link, signal, onProgress, name }: AddOptions): void {
  if (link !== undefined && typeof link !== 'boolean') throw optionTypeError('link', 'true or false', link);
  readSignal(signal);
  checkFunction('onProgress', onProgress);
  if (name !== undefined) checkModelName(name);
}

/**
 * Adds a model to the user's own, so that it goes by its name from then on: looks at its graph, writes a description of it, and keeps
 * both in the user's folder (LIVEDREAM_MODELS), whole or not at all. How it wants its picture is guessed where nothing says it.
 * @param source a frozen graph, a SavedModel's folder, or a folder with a model.json
 * @throws TypeError or RangeError for wrong options and for a name that is taken; LiveDreamError ERR_LIVEDREAM_MODEL_UNREADABLE,
 * _CHECKSUM, _OUTPUT_UNWRITABLE, _RUNTIME_*, _ABORTED.
 * @example
 * ```ts
 * import { addModel, Dreamer } from 'livedream';
 *
 * const { name, guess } = await addModel('network.pb', { name: 'my-network', defaultLayer: 'mixed3b' });
 * console.log(guess.why); // how it wants its pictures, and what tells so
 * await using dreamer = await Dreamer.load({ model: name });
 * ```
 */
export async function addModel(source: string | URL, options: AddOptions = {}): Promise<AddedModel> {
  checkOptions(options);
  const { name: asked, link = false, signal, onProgress, ...described } = options;
  const from = modelPath(source);
  return withCaller(readSignal(signal), async (caller) => {
    const tell = onProgress && caller.safely(onProgress);
    tell?.({ phase: 'look', fraction: 0 });
    const read = await caller.hear(openModel({ graph: from, ...described }));
    const place = read.place as string;
    const name = nameFor(asked, from, read);
    const what = `The model '${name}'`;
    await checkNewName(name);
    await checkKept(what);
    const watch = {
      signal: caller.signal,
      onStep: (done: number, total: number): void => tell?.({ phase: 'try', fraction: done / total }),
    };
    const found = await caller.hear(lookAt({ graph: place, description: read.description }, watch));
    tell?.({ phase: 'copy', fraction: 0 });
    const adding = { source: from, name, read, place, found, link };
    const graph = await keeping(what, caller.signal, (temporary) => keep(adding, temporary));
    const { description } = await openModel(name);
    const { input, layers, guess, warnings } = found;
    const file = path.join(ownModelFolder(name), 'model.json');
    return { name, file, graph, linked: link, description, input, layers, guess, warnings };
  });
}
