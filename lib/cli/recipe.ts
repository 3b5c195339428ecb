import type { Command } from 'commander';
import { LiveDreamError } from '../errors.js';
import { readRecipe } from '../recipe/read.js';
import { ENVIRONMENT } from '../runtime/environment.js';
import { reportError } from './report.js';

async function check(files: readonly string[]): Promise<void> {
  for (const file of files) {
    try {
      await readRecipe(file);
      process.stdout.write(`${file}: can be used\n`);
    } catch (error) {
      if (!(error instanceof LiveDreamError)) throw error;
      process.exitCode = reportError(error, ENVIRONMENT.verbose());
    }
  }
}

export function registerRecipe(program: Command): void {
  const recipe = program.command('recipe').description('recipes: files that say how pictures are dreamed');
  recipe
    .command('check')
    .description('see whether recipes can be used, without a model or a picture')
    .argument('<file...>', 'recipes, in JSON')
    .action(check);
}
