import { stat } from 'node:fs/promises';
import path from 'node:path';
import { optionRangeError } from '../errors.js';
import { DEFAULT_FORMAT, type PictureFormat } from '../formats.js';
import { encodingFor } from '../image/encode.js';
import { STANDARD } from './standard-streams.js';

export interface Outputs {
  /** One for each picture, in their order; `-` for standard output. */
  readonly files: readonly string[];
  /** The folder that was asked for by a name that ends with a slash: it is made where it is not there. */
  readonly folder?: string;
}

function namesAFolder(output: string): boolean {
  return output.endsWith('/') || output.endsWith(path.sep);
}

async function isFolder(output: string): Promise<boolean> {
  return (await stat(output).catch(() => undefined))?.isDirectory() ?? false;
}

/** To standard output, where that is wanted and can be. */
function standardOutput(pictures: readonly string[], output: string | undefined): Outputs | undefined {
  if (output !== STANDARD && (output !== undefined || !pictures.includes(STANDARD))) return undefined;
  if (pictures.length > 1) {
    const why = output === STANDARD ? 'for several pictures' : 'where standard input is one of several pictures';
    throw optionRangeError('output', `a folder, ${why}`, output);
  }
  if (process.stdout.isTTY)
    throw optionRangeError('output', 'a file or a folder, as standard output is a terminal', output);
  return { files: [STANDARD] };
}

/**
 * Where each dream goes: beside its picture as NAME-dream.png, into a folder, to the one file named, or to standard output.
 * Throws a RangeError for what cannot be meant.
 */
export async function planOutputs(
  pictures: readonly string[],
  output: string | undefined,
  format: PictureFormat | undefined,
): Promise<Outputs> {
  if (pictures.indexOf(STANDARD) !== pictures.lastIndexOf(STANDARD))
    throw optionRangeError('picture', "'-' once at most, as standard input holds one picture", STANDARD);
  if (output === '') throw optionRangeError('output', 'a file, a folder, or - for standard output', output);
  const standard = standardOutput(pictures, output);
  if (standard) return standard;
  const folder = output !== undefined && (namesAFolder(output) || (await isFolder(output)));
  if (output !== undefined && !folder) {
    if (pictures.length > 1) {
      const wanted = `a folder that exists, for several pictures, or one to be made, as '${output}/'`;
      throw optionRangeError('output', wanted, output);
    }
    encodingFor(output, format);
    return { files: [output] };
  }
  const files = pictures.map((picture) => {
    const name = picture === STANDARD ? 'stdin' : path.parse(picture).name;
    return path.join(output ?? path.dirname(picture), `${name}-dream.${format ?? DEFAULT_FORMAT}`);
  });
  return output === undefined ? { files } : { files, folder: output };
}
