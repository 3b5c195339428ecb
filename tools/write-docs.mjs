// npm run docs: writes docs/options.md, docs/errors.md and the table of docs/models.md from the tables in lib, which that
// script has just compiled.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorsMarkdown } from '../dist/esm/errors-markdown.js';
import { kindsMarkdown } from '../dist/esm/model/kinds-markdown.js';
import { optionsMarkdown } from '../dist/esm/options/markdown.js';

const docs = path.resolve(import.meta.dirname, '../docs');
writeFileSync(path.join(docs, 'options.md'), optionsMarkdown());
writeFileSync(path.join(docs, 'errors.md'), errorsMarkdown());
const models = path.join(docs, 'models.md');
const table = /^\| such as \|.*\n(\|.*\n)*/m;
writeFileSync(
  models,
  readFileSync(models, 'utf8').replace(table, () => kindsMarkdown()),
);
