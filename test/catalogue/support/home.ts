import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';

/** A folder of its own for each test. */
export interface Home {
  folder: string;
  /** LIVEDREAM_MODELS, in that folder: not yet there, and never the user's own. */
  models: string;
}

export function useHome(): Home {
  const home: Home = { folder: '', models: '' };
  beforeEach(() => {
    home.folder = mkdtempSync(path.join(tmpdir(), 'livedream-catalogue ü '));
    home.models = path.join(home.folder, 'my models');
    vi.stubEnv('LIVEDREAM_MODELS', home.models);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(home.folder, { recursive: true, force: true });
  });
  return home;
}
