import { existsSync } from 'node:fs';
import path from 'node:path';
import packageRoot from '#package-root';

/**
 * Has type drawn by our own font, before the system's, and without fontconfig's complaints where a system has no configuration, as in
 * small containers. To be called before the first type is drawn; the environment is the program's, not a library's.
 */
export function useOwnFonts(): void {
  const { FONTCONFIG_FILE: file, FONTCONFIG_PATH: folder } = process.env;
  // Who has a configuration of their own means it.
  if (file !== undefined || (folder !== undefined && existsSync(path.join(folder, 'fonts.conf')))) return;
  process.env['FONTCONFIG_FILE'] = path.join(packageRoot, 'assets/fonts.conf');
}
