// npm run docs: writes docs/options.md and docs/errors.md from the tables in lib, which that script has just compiled.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { errorsMarkdown } from '../dist/esm/errors-markdown.js';
import { optionsMarkdown } from '../dist/esm/options/markdown.js';

const docs = path.resolve(import.meta.dirname, '../docs');
writeFileSync(path.join(docs, 'options.md'), optionsMarkdown());
writeFileSync(path.join(docs, 'errors.md'), errorsMarkdown());
