import type { Command } from 'commander';
import type { PictureParameters } from '../dream.js';
import { optionRangeError } from '../errors.js';
import type { Objective } from '../model/objective.js';
import type { ObjectiveRecord, TermRecord } from '../model/terms.js';
import { recipeOf } from '../recipe/recipe-of.js';
import { readParameters, readSettings } from '../replay/read-parameters.js';
import { printJson } from './json.js';
import { interruptSignal } from './report.js';
import { checkStandardInput, readStandardInput, STANDARD } from './standard-streams.js';

interface Flags {
  readonly json?: boolean;
  readonly recipe?: boolean;
}

/** A picture may come from anybody, and a terminal obeys what it is shown: of its texts nothing is printed but letters. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return (text ?? 'none').replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

function shownMask({ mask }: TermRecord): string {
  if (mask === undefined) return '';
  return 'picture' in mask ? ` in the mask of SHA-256 ${mask.picture.sha256}` : ` in ${JSON.stringify(mask)}`;
}

function shownTerm(term: TermRecord): string {
  const { layer, channels, direction, weight } = term;
  const times = `${weight === 1 ? '' : ` * ${weight}`}${shownMask(term)}`;
  if (term.guide !== undefined)
    return `layer ${layer}, like the picture of SHA-256 ${term.guide.sha256} (${term.match})${times}`;
  if (direction !== undefined) return `layer ${layer}, a direction of ${direction.length} numbers${times}`;
  return `${shownLayer({ layer, kind: channels === undefined ? 'layer' : 'channels', channels: (channels ?? []) as Objective['channels'] })}${times}`;
}

function shownObjective(objective: ObjectiveRecord): string {
  return Array.isArray(objective) ? objective.map(shownTerm).join(' + ') : shownLayer(objective as Objective);
}

function shownLayer({ layer, kind, channels }: Objective): string {
  if (kind !== 'channels' || !Array.isArray(channels)) return `the whole layer ${layer}`;
  const named = channels.map(({ channel, weight }) => (weight === 1 ? `${channel}` : `${channel}:${weight}`));
  return `layer ${layer}, channel${named.length === 1 ? '' : 's'} ${named.join(', ')}`;
}

/** What is no option, and has a line of its own. */
function headOf(parameters: PictureParameters): (readonly [string, string | undefined])[] {
  const { livedream, model, modelSha256, filter, objective, width, height, made, source, together = 1 } = parameters;
  const loop = made?.loop === 'compiled' ? ', compiled loop' : '';
  return [
    ['livedream', livedream],
    ['TensorFlow', made?.tensorflow],
    ['device', made && `${made.device}, ${made.xla ? 'XLA' : 'ordinary kernels'}${loop}, ${made.precision}`],
    ['rewrites', made?.rewrites.join(', ')],
    ['sharp', made?.sharp],
    ['model', `${model}, SHA-256 ${modelSha256}`],
    ['filter', filter],
    ['objective', shownObjective(objective)],
    ['size', `${width} x ${height}`],
    ['source', source && `${source.width} x ${source.height}, SHA-256 of its ${source.of} ${source.sha256}`],
    ['together', together === 1 ? undefined : `computed side by side with ${together - 1} others`],
  ];
}

const IN_HEAD = [
  ...['livedream', 'record', 'made', 'model', 'modelSha256', 'filter', 'objective', 'width', 'height'],
  ...['source', 'together'],
];

function printed(parameters: Awaited<ReturnType<typeof readSettings>>): string {
  const head = 'modelSha256' in parameters ? headOf(parameters as PictureParameters) : [];
  const options = Object.entries(parameters)
    .filter(([name]) => head.length === 0 || !IN_HEAD.includes(name))
    .map(([name, value]) => [name === 'size' ? 'resized to' : name, shown(value)] as const);
  const lines = [...head, ...options].filter(([, value]) => value !== undefined && value !== '');
  const width = Math.max(...lines.map(([name]) => shown(name).length));
  return lines.map(([name, value]) => `${shown(name).padEnd(width)}  ${shown(value)}\n`).join('');
}

async function run(picture: string, { json, recipe }: Flags): Promise<void> {
  if (json && recipe) throw optionRangeError('recipe', "left out where 'json' is given", recipe);
  if (picture === STANDARD) checkStandardInput();
  const given = picture === STANDARD ? await readStandardInput(interruptSignal()) : picture;
  if (recipe) {
    process.stdout.write(`${JSON.stringify(recipeOf(await readParameters(given)), undefined, 2)}\n`);
    return;
  }
  const parameters = await readSettings(given);
  if (json) return printJson(parameters);
  process.stdout.write(printed(parameters));
}

export function registerShow(program: Command): void {
  program
    .command('show')
    .description('show what a dreamed picture was made with')
    .argument('<picture>', 'a picture that livedream wrote; - for standard input')
    .option('--json', 'as JSON, which `dreamer.dream(photo, parameters)` takes')
    .option('--recipe', 'as a recipe, which --recipe of other commands takes: docs/recipes.md')
    .action(run);
}
