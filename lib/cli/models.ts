import type { Command } from 'commander';
import { models as listModels, type ModelEntry } from '../catalogue/entries.js';
import { removeModel } from '../catalogue/remove.js';
import { printJson } from './json.js';
import { registerModelsAdd } from './models-add.js';
import { registerModelsFetch } from './models-fetch.js';
import { registerModelsName } from './models-name.js';
import { registerModelsShow } from './models-show.js';
import { interruptSignal } from './report.js';
import { megabytes, table, wrapped } from './table.js';

const WHERE: Readonly<Record<ModelEntry['origin'], string>> = {
  package: 'package',
  fetched: 'fetched',
  fetchable: 'can be fetched',
  own: 'yours',
};

function row({ name, origin, bytes, filters, licence, title, fault }: ModelEntry): (string | number)[] {
  const about = [licence, title].filter((text) => text !== undefined).join(', ');
  const size = bytes === undefined ? '' : megabytes(bytes);
  return [name, WHERE[origin], size, filters.length, fault === undefined ? about : 'broken'];
}

async function list({ json }: { readonly json?: boolean }, command: Command): Promise<void> {
  // It is what is done without a command's name, and so also with a wrong one.
  const [wrong] = command.args;
  if (wrong !== undefined)
    command.error(`error: there is no command 'models ${wrong}'; \`livedream models show ${wrong}\` shows a model`);
  const entries = await listModels();
  if (json) return printJson(entries);
  process.stdout.write(table(['NAME', 'WHERE', 'SIZE', 'FILTERS', 'LICENCE, TITLE'], entries.map(row), 'cut'));
  for (const { name, fault } of entries) {
    if (fault !== undefined) process.stderr.write(wrapped(fault, 2, `${name}: `));
  }
}

async function remove(name: string): Promise<void> {
  const { origin, folder, bytes } = await removeModel(name, { signal: interruptSignal() });
  process.stdout.write(`${folder}\n`);
  const again = origin === 'fetched' ? `; \`livedream models fetch ${name}\` fetches it again` : '';
  process.stderr.write(`removed ${megabytes(bytes)}${again}\n`);
}

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .description('models by name: list them, show their filters and layers, add your own, name filters');
  models
    .command('list', { isDefault: true })
    .description('list the models that go by a name (done also without a command)')
    .option('--json', 'as JSON')
    .allowExcessArguments()
    .action(list);
  registerModelsShow(models);
  registerModelsFetch(models);
  registerModelsAdd(models);
  models
    .command('remove')
    .description('remove a model that you added, or the files of one that was fetched')
    .argument('<name>', "the model's name")
    .action(remove);
  registerModelsName(models);
}
