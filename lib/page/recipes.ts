import { chooseFormat, FORMAT_NAMES } from './download.js';
import { Fault, hideFault, showFault } from './faults.js';
import { made, note, part } from './parts.js';
import { type Chosen, fits, isSeed, RECIPE_VERSION, type Settings } from './settings.js';

type Fields = Readonly<Record<string, unknown>>;

/** Far more than what anybody writes for this page. */
const MOST_BYTES = 2 ** 20;

const REPAIR = 'Change that in the file, and open it again.';

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkHead(recipe: unknown, { model }: Settings): asserts recipe is Fields {
  if (!isObject(recipe) || recipe['recipe'] === undefined)
    throw new Fault('The file is no recipe.', "Open a file of JSON with the field 'recipe'.");
  const { recipe: version, model: wanted = model.name, options = {} } = recipe;
  if (version !== RECIPE_VERSION)
    throw new Fault(
      `The recipe is of version ${JSON.stringify(version)}, and this page knows version ${RECIPE_VERSION}.`,
      'Open one of that version, or have the service updated.',
    );
  if (wanted !== model.name)
    throw new Fault(
      `The recipe is for the model ${JSON.stringify(wanted)}, and this service dreams with '${model.name}'.`,
      "Leave out its 'model' to dream so here.",
    );
  if (!isObject(options)) throw new Fault("'options' of the recipe is no object.", REPAIR);
}

function wrong(name: string, value: unknown, wanted: string): Fault {
  return new Fault(`'options.${name}' of the recipe is ${JSON.stringify(value)}, and must be ${wanted}.`, REPAIR);
}

function slidersOf(options: Fields, { facts }: Settings): Chosen['sliders'] {
  const entries = Object.entries(facts.sliders).flatMap(([name, fact]) => {
    const { [name]: value } = options;
    if (name === 'blend' || value === undefined || Array.isArray(value)) return [];
    if (typeof value !== 'number' || !fits(fact, value))
      throw wrong(name, value, `from ${fact.least} to ${fact.most} here`);
    return [[name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** What a recipe says, for the settings. Throws a Fault for what this page can tell to be wrong; the service tells the rest. */
export function chosenIn(recipe: unknown, settings: Settings): Chosen {
  checkHead(recipe, settings);
  const { options = {} } = recipe as { readonly options?: Fields };
  const sliders = slidersOf(options, settings);
  const { filter, size, seed = 0, ...others } = options;
  const known = settings.model.filters.some(({ name }) => name === filter);
  if (filter !== undefined && !known) throw wrong('filter', filter, 'a filter of this service');
  if (size !== undefined && !(Number.isInteger(size) && (size as number) >= settings.facts.leastSize))
    throw wrong('size', size, `a whole number from ${settings.facts.leastSize}`);
  if (!isSeed(String(seed))) throw wrong('seed', seed, 'a whole number below 2^64');
  const more = Object.fromEntries(Object.entries(others).filter(([name]) => !Object.hasOwn(sliders, name)));
  return {
    ...(filter === undefined ? {} : { filter: filter as string }),
    ...(size === undefined ? {} : { size: size as number }),
    ...(Object.keys(more).length === 0 ? {} : { more }),
    ...{ sliders, seed: String(seed) },
  };
}

/** The format that a recipe has its dream written in, if it says one. Throws a Fault for one that this page does not write. */
function formatIn(recipe: unknown): string | undefined {
  const { output = {} } = recipe as { readonly output?: unknown };
  if (!isObject(output)) throw new Fault("'output' of the recipe is no object.", REPAIR);
  const { format } = output;
  if (format === undefined || (typeof format === 'string' && FORMAT_NAMES.includes(format))) return format;
  throw new Fault(
    `'output.format' of the recipe is ${JSON.stringify(format)}, and must be one of ${FORMAT_NAMES.join(', ')} here.`,
    REPAIR,
  );
}

interface Read {
  readonly chosen: Chosen;
  readonly format: string | undefined;
}

async function read(file: File, settings: Settings): Promise<Read> {
  if (file.size > MOST_BYTES) throw new Fault('The file is too large for a recipe.', 'Open another.');
  let recipe: unknown;
  try {
    recipe = JSON.parse(await file.text());
  } catch {
    throw new Fault(`'${file.name}' is no JSON.`, 'Open a recipe.');
  }
  return { chosen: chosenIn(recipe, settings), format: formatIn(recipe) };
}

function save(settings: Settings): void {
  const recipe = { recipe: RECIPE_VERSION, model: settings.model.name, options: settings.recipeOptions() };
  const text = new Blob([`${JSON.stringify(recipe, undefined, 2)}\n`], { type: 'application/json' });
  const address = URL.createObjectURL(text);
  made('a', { href: address, download: `${settings.filter ?? 'dream'}.recipe.json` }).click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  note('The recipe is saved: the settings, not the picture.');
}

/** The buttons that open and save recipes, and what one says that the page has no control for. */
export function startRecipes(settings: Settings): void {
  const file = part('recipe-file', HTMLInputElement);
  part('recipe-open', HTMLButtonElement).addEventListener('click', () => file.click());
  part('recipe-save', HTMLButtonElement).addEventListener('click', () => save(settings));
  file.addEventListener('change', async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    try {
      const { chosen: said, format } = await read(chosen, settings);
      settings.replace(said);
      if (format !== undefined) chooseFormat(format);
      hideFault();
      note(`The settings are those of '${chosen.name}'.`);
    } catch (error) {
      showFault(error);
    }
    // The same file again is a choice too.
    file.value = '';
  });
  const show = (): void => {
    const names = Object.keys(settings.chosen.more ?? {});
    const about = part('recipe-more', HTMLElement);
    about.hidden = names.length === 0;
    about.textContent = `Also of the recipe, for still pictures: ${names.join(', ')}.`;
  };
  settings.addEventListener('change', show);
  show();
}
