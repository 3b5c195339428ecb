// Every link of the documents leads to a file that is there, and to a heading that it has.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writePages } from '../../tools/site/pages.mjs';

test('the pages of the site are written, with no link that leads nowhere', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'livedream-site-'));
  try {
    expect(writePages(folder)).toEqual([]);
    const front = await readFile(path.join(folder, 'index.md'), 'utf8');
    expect(front).toContain('](./steering.md)');
    expect(front).toContain('src="/docs/images/dream.jpg"');
    expect(await readFile(path.join(folder, 'public/source/native/dream/tracer.h.txt'), 'utf8')).toContain(
      '#pragma once',
    );
  } finally {
    await rm(folder, { recursive: true });
  }
});
