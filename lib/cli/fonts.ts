import { existsSync } from 'node:fs';
import path from 'node:path';
import packageRoot from '#package-root';

/**
 * Where a system has no configuration of fontconfig, as in small containers, that would complain on stderr. The type is ours
 * anyway. To be called before the first type is drawn; the environment is the program's, not a library's.
 */
export function silenceFontconfig(): void {
  const { FONTCONFIG_FILE: file, FONTCONFIG_PATH: folder = '/etc/fonts' } = process.env;
  if (file !== undefined || existsSync(path.join(folder, 'fonts.conf'))) return;
  process.env['FONTCONFIG_FILE'] = path.join(packageRoot, 'assets/fonts.conf');
}
