import type { Command } from 'commander';
import { registerModelsFetch } from './models-fetch.js';

export function registerModels(program: Command): void {
  registerModelsFetch(program.command('models').description('the models of the catalogue'));
}
