import { objectSchema, type Schema, tableSchemas, textSchema } from '../options/json-schema.js';
import { maskSchema } from '../options/mask-schema.js';
import { objectiveRules, objectiveSchemas, type TermInputs } from '../options/objective-schema.js';
import { RECIPE_OPTIONS, RECIPE_OUTPUT, RECIPE_TEXTS, RECIPE_VERSION } from './fields.js';

const FILE = textSchema();

/** Which picture it was, as `recipeOf` leaves it: its file is to be named instead. */
const KNOWN_BY_HASH = {
  type: 'object',
  required: ['sha256'],
  properties: { sha256: { type: 'string', pattern: '^[0-9a-f]{64}$' } },
} as const satisfies Schema;

const MASK = { anyOf: [FILE, maskSchema({ anyOf: [FILE, KNOWN_BY_HASH] })] } as const;

const INPUTS: TermInputs = { guide: { anyOf: [FILE, KNOWN_BY_HASH] }, mask: MASK, direction: FILE };

function optionsSchema(): Schema {
  return {
    ...objectSchema({ ...tableSchemas(RECIPE_OPTIONS), ...objectiveSchemas(INPUTS), mask: MASK }),
    allOf: objectiveRules(),
    description: "The dream's options: docs/options.md. Files are named from the recipe's folder.",
  };
}

/** The JSON Schema of recipes, for editors: schema/recipe.schema.json of the package is it. */
export function recipeSchema(): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A recipe of livedream: how pictures are dreamed',
    ...objectSchema(
      {
        $schema: { type: 'string', description: 'Where this schema is, for editors.' },
        recipe: { const: RECIPE_VERSION, description: 'The version of recipes that it is written in.' },
        ...tableSchemas(RECIPE_TEXTS),
        options: optionsSchema(),
        output: { ...objectSchema(tableSchemas(RECIPE_OUTPUT)), description: 'How the dream is written.' },
      },
      ['recipe'],
    ),
  };
}
