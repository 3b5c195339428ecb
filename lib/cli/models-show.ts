import type { Command } from 'commander';
import { addModelFlags, type ModelFlags, readModelFlags } from './model-flags.js';
import { addSheetFlags, drawModelSheet, type SheetFlags } from './models-sheet.js';

export function registerModelsShow(models: Command): void {
  const command = models.command('show').description('draw the filters of a model').argument('<name>', 'the model');
  addModelFlags(command);
  addSheetFlags(command);
  command.action((name: string, flags: ModelFlags & SheetFlags) =>
    drawModelSheet({ model: readModelFlags({ ...flags, model: name }), name, files: [name] }, flags),
  );
}
