// npm run docs: writes docs/options.md, docs/errors.md, the table of docs/models.md, models/model.schema.json and
// schema/recipe.schema.json from the tables in lib, which that script has just compiled.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorsMarkdown } from '../dist/esm/errors-markdown.js';
import { descriptionSchema } from '../dist/esm/model/description-schema.js';
import { kindsMarkdown } from '../dist/esm/model/kinds-markdown.js';
import { optionsMarkdown } from '../dist/esm/options/markdown.js';
import { recipeSchema } from '../dist/esm/recipe/schema.js';

const docs = path.resolve(import.meta.dirname, '../docs');
writeFileSync(path.join(docs, 'options.md'), optionsMarkdown());
writeFileSync(path.join(docs, 'errors.md'), errorsMarkdown());
const models = path.join(docs, 'models.md');
const table = /^\| such as \|.*\n(\|.*\n)*/m;
writeFileSync(
  models,
  readFileSync(models, 'utf8').replace(table, () => kindsMarkdown()),
);
writeFileSync(
  path.resolve(docs, '../models/model.schema.json'),
  `${JSON.stringify(descriptionSchema(), undefined, 1)}\n`,
);
const schemas = path.resolve(docs, '../schema');
mkdirSync(schemas, { recursive: true });
writeFileSync(path.join(schemas, 'recipe.schema.json'), `${JSON.stringify(recipeSchema(), undefined, 1)}\n`);
