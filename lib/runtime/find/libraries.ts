import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Platform, Variant } from '../platforms.js';

/** The two files of libtensorflow. */
export interface Libraries {
  readonly framework: string;
  readonly library: string;
}

export async function isFile(file: string): Promise<boolean> {
  return (await stat(file).catch(() => undefined))?.isFile() ?? false;
}

/** Both libraries of a folder, or undefined. */
export async function librariesIn(folder: string, platform: Platform): Promise<Libraries | undefined> {
  const framework = path.join(folder, platform.framework);
  const library = path.join(folder, platform.library);
  return (await isFile(framework)) && (await isFile(library)) ? { framework, library } : undefined;
}

/** The version of the Python package that a `tensorflow` folder is of, from the name of the .dist-info folder beside it. */
export async function packageVersion(folder: string): Promise<string | undefined> {
  const names = await readdir(path.dirname(folder)).catch(() => []);
  const versions = names.map((name) => /^tensorflow(?:_cpu)?-(\d[^-]*)\.dist-info$/.exec(name)?.[1]);
  return versions.find((version) => version !== undefined);
}

/** The variant of a whole Python package, from the module that its build wrote; other folders do not tell. */
export async function packageVariant(folder: string): Promise<Variant | 'unknown'> {
  const text = await readFile(path.join(folder, 'python', 'platform', 'build_info.py'), 'utf8').catch(() => '');
  const cuda = /'is_cuda_build', (True|False)/.exec(text)?.[1];
  if (cuda === undefined) return 'unknown';
  return cuda === 'True' ? 'gpu' : 'cpu';
}
