import type { Command } from 'commander';
import { registerModelsShow } from './models-show.js';

export function registerModels(program: Command): void {
  registerModelsShow(program.command('models').description('models and what they can draw'));
}
