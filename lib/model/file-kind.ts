import path from 'node:path';
import { FILE_KINDS, type FileKindName } from './file-kinds.js';
import { type FileLook, isTextGraph, textOf } from './file-look.js';

export interface FoundKind {
  /** `graph-text` can be read; every other kind must be converted first. */
  readonly kind: FileKindName | 'graph-text';
  readonly what: string;
  readonly todo: string;
}

const TEXT_GRAPH: FoundKind = { kind: 'graph-text', what: 'a graph as text', todo: '' };

const pythonText = (text: string): string => `'${text.replaceAll('\\', '/').replaceAll("'", "\\'")}'`;
const shellWord = (text: string): string => (/^[\w./\\:+@,-]+$/.test(text) ? text : `"${text}"`);

/** What the names of a checkpoint's files begin with. */
function prefixOf({ name }: FileLook, text: string): string {
  const written = /^model_checkpoint_path:\s*"([^"]+)"/.exec(text)?.[1];
  if (written !== undefined) return path.isAbsolute(written) ? written : path.join(path.dirname(name), written);
  return name.replace(/\.(index|meta|data-\d{5}-of-\d{5})$/, '');
}

function describe(kind: FileKindName, look: FileLook, more: string): FoundKind {
  const { what, todo, example } = FILE_KINDS[kind];
  const named = look.name === '' ? { ...look, name: example } : look;
  const paths: Readonly<Record<string, string>> = {
    FILE: named.name,
    FOLDER: path.dirname(named.name),
    PREFIX: prefixOf(named, textOf(look) ?? ''),
  };
  const filled = todo
    .replace(/'(FILE|PREFIX)'/g, (_, token: string) => pythonText(paths[token] as string))
    .replace(/\b(FILE|FOLDER|PREFIX)\b/g, (token) => shellWord(paths[token] as string));
  return { kind, what: more === '' ? what : `${what}: ${more}`, todo: filled };
}

/** The kind of a file that is no frozen graph in protobuf's own format; undefined where it may be one. */
export function fileKind(look: FileLook): FoundKind | undefined {
  if (isTextGraph(look)) return TEXT_GRAPH;
  for (const [kind, { is }] of Object.entries(FILE_KINDS)) {
    const found = is(look);
    // The reader then says in which line it is none.
    if (kind === 'text' && found !== false && /\.pbtxt$/i.test(look.name)) return TEXT_GRAPH;
    if (found !== false) return describe(kind as FileKindName, look, found === true ? '' : found);
  }
  return undefined;
}

/** Of a file with a `.meta` file beside it: such a checkpoint has a network too. */
export function withMetaGraph(look: FileLook): FoundKind {
  return describe('meta-graph', look, '');
}
