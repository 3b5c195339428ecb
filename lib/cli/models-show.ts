import type { Command } from 'commander';
import { type ModelDetails, modelDetails } from '../catalogue/details.js';
import type { Filter, Preprocessing } from '../model/description.js';
import { printJson } from './json.js';
import { addDescriptionFlags, type ModelFlags, readDescriptionFlags } from './model-flags.js';
import { addSheetFlags, drawModelSheet, type SheetFlags, wantsSheet } from './models-sheet.js';
import { interruptSignal, printWarnings } from './report.js';
import { megabytes, table, wrapped } from './table.js';

export interface ShowFlags extends Omit<ModelFlags, 'model'> {
  readonly json?: boolean;
}

const LABEL = 13;

function line(label: string, text: string | undefined): string {
  return text === undefined || text === '' ? '' : wrapped(text, LABEL, `${label}  `);
}

/** Such as `octaves 4, step 1.5`. */
export function describeOptions(options: object | undefined): string {
  return Object.entries(options ?? {})
    .map(([name, value]) => `${name} ${Array.isArray(value) ? value.join('/') : value}`)
    .join(', ');
}

/** What the network sees of a picture's values. */
export function describePreprocessing({ channelOrder, mean, scale }: Preprocessing): string {
  // Of float32, whose last digits nobody wrote.
  const shown = (value: number): string => String(Number(value.toPrecision(6)));
  const means = typeof mean === 'object' ? `[${mean.map(shown).join(', ')}]` : shown(mean ?? 0);
  const order = (channelOrder ?? 'rgb').toUpperCase();
  if (mean === undefined && scale === undefined) return `${order}, as livedream prepares it by default`;
  const moved = means === '0' ? 'x' : `x - ${means}`;
  return `${order}, ${scale === undefined || scale === 1 ? moved : `(${moved}) * ${shown(scale)}`}, x in 0..255`;
}

function describeInput({ input, preprocessing }: ModelDetails): string {
  const { name, type, shape } = input;
  const takes = [type, shape].filter(Boolean).join(' ');
  return `${name === undefined ? '' : `'${name}'${takes === '' ? '' : ` (${takes})`}: `}${describePreprocessing(preprocessing)}`;
}

function describeChannels({ channel, channels = channel === undefined ? [] : [channel] }: Filter): string {
  if (channels.length === 0) return 'all';
  return channels
    .map((entry) => {
      if (typeof entry !== 'object') return entry;
      return entry.weight === undefined || entry.weight === 1 ? entry.channel : `${entry.channel}:${entry.weight}`;
    })
    .join(', ');
}

const ORIGINS: Readonly<Record<ModelDetails['origin'], string>> = {
  package: 'comes with livedream',
  fetched: 'fetched',
  fetchable: 'not fetched yet',
  own: 'yours',
  path: 'goes by its path',
};

function head(model: ModelDetails): string {
  const { name, origin, title, licence, provenance, graph, bytes, sha256, defaultFilter, defaultLayer } = model;
  const size = bytes === undefined ? '' : ` (${megabytes(bytes)})`;
  const fetchIt = `\`livedream models fetch ${name}\` downloads it${size}`;
  const defaults = [
    ...(defaultFilter === undefined ? [] : [`filter ${defaultFilter}`]),
    ...(defaultLayer === undefined ? [] : [`layer ${defaultLayer}`]),
    describeOptions(model.defaultOptions),
  ];
  const notes = Array.isArray(model.notes) ? model.notes.join(' ') : model.notes;
  return [
    line(name, title === undefined ? ORIGINS[origin] : `${title} (${ORIGINS[origin]})`),
    line('licence', licence),
    line('provenance', provenance),
    line('graph', origin === 'fetchable' ? fetchIt : graph && `${graph}${size}`),
    line('SHA-256', sha256),
    line('picture', describeInput(model)),
    line('defaults', defaults.filter(Boolean).join('; ')),
    line('notes', typeof notes === 'string' ? notes : undefined),
  ].join('');
}

function filterTable({ filters, ownFilters }: ModelDetails): string {
  const names = Object.keys(filters);
  if (names.length === 0) return 'No filters: `livedream models name FILTER --layer L --channels N` keeps one.\n';
  const rows = Object.entries(filters).map(([name, filter]) => {
    const shown = ownFilters.includes(name) ? `${name} *` : name;
    return [shown, filter.layer, describeChannels(filter), describeOptions(filter.options)];
  });
  const yours = ownFilters.length === 0 ? '' : '* named by you\n';
  return `${table(['FILTER', 'LAYER', 'CHANNELS', 'OPTIONS'], rows)}${yours}`;
}

function layerTable({ layers, named }: ModelDetails): string {
  if (layers.length === 0) return '';
  const rows = layers.map(({ name, channels, stride, leastSize }) => [
    ...[name, channels, stride, leastSize],
    Object.hasOwn(named, name) ? `${named[name]} names` : '',
  ]);
  return `\n${table(['LAYER', 'CHANNELS', 'STRIDE', 'LEAST', Object.keys(named).length > 0 ? 'NAMED' : ''], rows)}`;
}

/** What a model is and has, on standard output. */
export async function showModel(name: string, { json, ...flags }: ShowFlags): Promise<void> {
  const details = await modelDetails(name, readDescriptionFlags(flags), interruptSignal());
  if (json) return printJson(details);
  printWarnings(details);
  process.stdout.write(`${head(details)}\n${filterTable(details)}${layerTable(details)}`);
}

/** `models show`, which with --sheet draws what a model has. */
export function registerModelsShow(models: Command): Command {
  const command = models
    .command('show')
    .description('show what a model is, its filters and its layers; with --sheet as pictures')
    .argument('<model>', "a model's name, or its path");
  addDescriptionFlags(command);
  command
    .option('--json', 'as JSON')
    .action((name: string, flags: ShowFlags & SheetFlags) =>
      wantsSheet(flags) ? drawModelSheet(name, flags) : showModel(name, flags),
    );
  addSheetFlags(command);
  return command;
}
