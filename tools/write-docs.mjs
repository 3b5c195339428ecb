// npm run docs:options: writes docs/options.md from the tables in lib/options (compiled by npm run build:lib).
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { optionsMarkdown } from '../dist/esm/options/markdown.js';

writeFileSync(path.resolve(import.meta.dirname, '../docs/options.md'), optionsMarkdown());
