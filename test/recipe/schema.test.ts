import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { DREAM_OPTIONS } from '../../lib/options/dream-options.js';
import { OBJECTIVE_OPTIONS } from '../../lib/options/objective.js';
import { TERM_FIELDS } from '../../lib/options/term-fields.js';
import { RECIPE_OPTION_NAMES } from '../../lib/recipe/fields.js';
import { recipeSchema } from '../../lib/recipe/schema.js';

const file = path.join(packageRoot, 'schema/recipe.schema.json');

interface Described {
  readonly properties: { readonly options: { readonly properties: Readonly<Record<string, object>> } };
}

test('schema/recipe.schema.json is what npm run docs writes, and the package exports it', () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(recipeSchema())));
  const { exports } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    exports: Record<string, unknown>;
  };
  expect(exports['./recipe.schema.json']).toBe('./schema/recipe.schema.json');
});

test('it has every option that a recipe may have, and every field of a term', () => {
  const { options } = (recipeSchema() as unknown as Described).properties;
  expect(Object.keys(options.properties).sort()).toEqual([...RECIPE_OPTION_NAMES].sort());
  const { depth: _depth, ...pictures } = DREAM_OPTIONS;
  expect(RECIPE_OPTION_NAMES).toEqual(expect.arrayContaining([...Object.keys(pictures), ...OBJECTIVE_OPTIONS]));
  const terms = JSON.stringify(options.properties['objective']);
  for (const field of [...Object.keys(TERM_FIELDS), 'mask', 'weight']) expect(terms).toContain(`"${field}"`);
});
