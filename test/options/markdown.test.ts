import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { errorsMarkdown } from '../../lib/errors-markdown.js';
import { optionsMarkdown } from '../../lib/options/markdown.js';

const docs = (name: string): string => readFileSync(path.join(packageRoot, 'docs', name), 'utf8');

test('docs/options.md and docs/errors.md are what npm run docs writes', () => {
  expect(docs('options.md')).toBe(optionsMarkdown());
  expect(docs('errors.md')).toBe(errorsMarkdown());
});
