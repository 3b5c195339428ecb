import type { Command } from 'commander';
import { addSheetFlags, drawModelSheet, type SheetFlags, wantsSheet } from './models-sheet.js';

export function registerModelsShow(models: Command): void {
  const command = models.command('show').description('draw the filters of a model').argument('<name>', 'the model');
  addSheetFlags(command);
  command.action(async (name: string, flags: SheetFlags) => {
    if (wantsSheet(flags)) return drawModelSheet(name, flags);
    return command.help({ error: true });
  });
}
