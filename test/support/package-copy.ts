import { copyFileSync, cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import packageRoot from '#package-root';

/**
 * The built package in another folder, without its models: what a test puts into `models` there are that package's. Answers
 * with its command line.
 */
export function copyPackage(folder: string): string {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package-root.cjs'])
    copyFileSync(path.join(packageRoot, name), path.join(folder, name));
  cpSync(path.join(packageRoot, 'dist'), path.join(folder, 'dist'), { recursive: true });
  for (const name of ['node_modules', 'build', 'prebuilds']) {
    const whole = path.join(packageRoot, name);
    if (existsSync(whole)) symlinkSync(whole, path.join(folder, name));
  }
  return path.join(folder, 'dist/esm/cli/main.js');
}
