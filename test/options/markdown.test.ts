import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';
import { optionsMarkdown } from '../../lib/options/markdown.js';

test('docs/options.md is what npm run docs:options writes', () => {
  expect(readFileSync(path.join(packageRoot, 'docs/options.md'), 'utf8')).toBe(optionsMarkdown());
});
