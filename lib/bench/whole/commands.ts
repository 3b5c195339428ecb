import { readdir } from 'node:fs/promises';
import path from 'node:path';
import packageRoot from '#package-root';
import { runtimeFolder } from '../../runtime/environment.js';
import type { PeerName } from '../peers/catalogue.js';
import { PEER_PROGRAMS } from '../peers/python.js';

/** Who dreams from the command to the file. */
export const WHOLE_PROGRAMS = [
  'livedream',
  'tensorflow-session',
  'torch-eager',
  'torch-tuned',
] as const satisfies readonly ('livedream' | PeerName)[];

export type WholeProgram = (typeof WHOLE_PROGRAMS)[number];

/** Where what is dreamed lies, and what it is. */
export interface WholeDream {
  readonly folder: string;
  readonly python: string;
  /** The flags of `livedream dream`. */
  readonly flags: readonly string[];
  readonly picture: string;
  /** For peers: the network's and the dream's, as tools/peers/serve.py has them. */
  readonly requestFile: string;
  readonly dreamFile: string;
}

export function commandOf(program: WholeProgram, dream: WholeDream): readonly string[] {
  const { folder, python, flags, picture, requestFile, dreamFile } = dream;
  const to = path.join(folder, `${program}.png`);
  if (program === 'livedream')
    return [
      process.execPath,
      path.join(packageRoot, 'dist/esm/cli/main.js'),
      'dream',
      picture,
      '--output',
      to,
      ...flags,
    ];
  return [python, path.join(PEER_PROGRAMS, 'whole.py'), program, requestFile, dreamFile, picture, to];
}

/** The folders that a program is read from, for the system to forget. */
export async function foldersOf(program: WholeProgram, { folder, python }: WholeDream): Promise<readonly string[]> {
  if (program === 'livedream')
    return [
      ...['dist', 'build', 'prebuilds', 'node_modules'].map((name) => path.join(packageRoot, name)),
      runtimeFolder(),
    ];
  const libraries = path.resolve(path.dirname(python), '../lib');
  const [version = ''] = await readdir(libraries);
  return [path.join(libraries, version), folder];
}
