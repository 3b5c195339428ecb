import type { Command } from 'commander';
import { type AddedModel, type AddProgress, addModel } from '../catalogue/add.js';
import type { PreprocessingGuess } from '../catalogue/guess.js';
import { asFlags } from '../catalogue/preprocessing.js';
import { printJson } from './json.js';
import { addDescriptionFlags, type ModelFlags, readDescriptionFlags } from './model-flags.js';
import { describePreprocessing } from './models-show.js';
import { showProgress } from './progress.js';
import { interruptSignal, printWarnings } from './report.js';
import { megabytes, table, wrapped } from './table.js';

interface Flags extends Omit<ModelFlags, 'model'> {
  readonly name?: string;
  readonly link?: boolean;
  readonly json?: boolean;
}

const LABEL = 10;
const PHASES: Readonly<Record<AddProgress['phase'], string>> = {
  look: 'looking at the network',
  try: 'trying how it wants its picture',
  copy: 'copying',
};

const CERTAINTIES: Readonly<Record<PreprocessingGuess['certainty'], string>> = {
  given: 'As you said.',
  inside: 'Found in the graph.',
  clear: 'A guess, by a trial.',
  unclear: 'Only a guess.',
};

function describeGuess({ preprocessing, certainty, why, tried }: PreprocessingGuess): string {
  const text = `${CERTAINTIES[certainty]} ${certainty === 'given' ? '' : why}`;
  const lines = [
    wrapped(describePreprocessing(preprocessing), LABEL, '  sees  '),
    wrapped(text, LABEL, ' '.repeat(LABEL)),
  ];
  if (tried.length === 0) return lines.join('');
  const rows = tried.map(({ as, flags, idle, preprocessing: each }) => [
    `${(idle * 100).toFixed(1)}%${asFlags(each) === asFlags(preprocessing) ? ' *' : ''}`,
    as,
    flags,
  ]);
  return `${lines.join('')}\n${table(['IDLE', 'AS FOR', 'FLAGS'], rows)}`;
}

function report({ name, graph, linked, description, input, layers, guess }: AddedModel): string {
  const { type, shape = '' } = input;
  const size = megabytes(description.bytes ?? 0);
  const where = linked ? `${graph} (${size}), where it stays` : `${graph} (${size})`;
  const { defaultLayer } = description;
  const dreamed = defaultLayer === undefined ? '' : `, of which '${defaultLayer}' is dreamed by default`;
  const again =
    guess.tried.length === 0
      ? ''
      : `\nIf its dreams look dull or wrong: \`livedream models remove ${name}\`, and add it again with the flags of another line.\n`;
  return [
    `${name}\n`,
    wrapped(where, LABEL, '  graph  '),
    wrapped(`'${input.name}' (${[type, shape].filter(Boolean).join(' ')})`, LABEL, '  input  '),
    wrapped(`${layers.length}${dreamed}`, LABEL, '  layers  '),
    describeGuess(guess),
    again && `\n${wrapped(again, 0)}`,
  ].join('');
}

async function run(source: string, flags: Flags): Promise<void> {
  const { name, link, json, ...described } = flags;
  const description = readDescriptionFlags(described);
  const progress = showProgress();
  const onProgress = ({ phase, fraction }: AddProgress): void => progress.update(fraction, PHASES[phase]);
  const signal = interruptSignal();
  try {
    const added = await addModel(source, { ...description, name, link, signal, onProgress });
    progress.stop();
    printWarnings(added);
    if (json) printJson(added);
    else process.stdout.write(report(added));
  } finally {
    progress.stop();
  }
}

export function registerModelsAdd(models: Command): void {
  const command = models
    .command('add')
    .description('add a model of your own, so that it goes by a name: its graph is looked at, described and copied')
    .argument('<file>', "a frozen .pb, a SavedModel's folder, or a model's folder")
    .option('--name <name>', 'what it is to be called (default: what its file is called)')
    .option('--link', 'refer to the file where it is instead of copying it');
  addDescriptionFlags(command);
  command.option('--json', 'as JSON').action(run);
}
