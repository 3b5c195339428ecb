import { expect, test } from 'vitest';
import { isSupported, PLATFORMS, TENSORFLOW_VERSION } from '../../lib/runtime/platforms.js';

const wheels = PLATFORMS.flatMap((platform) => Object.values(platform.wheels).flat());

test('every wheel is pinned by version, size and SHA-256, and no two are the same', () => {
  for (const { file, project, version, sha256, bytes } of wheels) {
    expect(file).toMatch(new RegExp(`^${project.replaceAll('-', '_')}-${version.replaceAll('.', '\\.')}-.+\\.whl$`));
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(1e6);
  }
  expect(new Set(wheels.map(({ sha256 }) => sha256)).size).toBe(wheels.length);
});

test('pip is told the platform of every wheel', () => {
  for (const { pipPlatforms, wheels: variants } of PLATFORMS) {
    for (const { file } of Object.values(variants).flat()) {
      const tags =
        file
          .replace(/\.whl$/, '')
          .split('-')
          .at(-1)
          ?.split('.') ?? [];
      expect(
        tags.some((tag) => pipPlatforms.includes(tag)),
        file,
      ).toBe(true);
    }
  }
});

test('supported versions', () => {
  for (const version of [TENSORFLOW_VERSION, '2.16.0', '2.18.1', '2.21.0rc1']) expect(isSupported(version)).toBe(true);
  for (const version of ['2.15.1', '2.22.0', '1.16.0', '3.16.0', '', 'two']) expect(isSupported(version)).toBe(false);
});
