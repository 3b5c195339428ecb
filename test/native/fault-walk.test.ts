// Every call of TensorFlow's C API fails in turn, in a stand-in of the library: tools/standin, docs/sanitizers.md.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';

interface Walk {
  readonly name: string;
  readonly calls: number;
  readonly walked: number;
  /** Of each function, how many failures it went on after. */
  readonly recovered: Readonly<Record<string, number>>;
  /** Of each error code, how many failures it told. */
  readonly told: Readonly<Record<string, number>>;
}

interface Report {
  readonly opening: Readonly<Record<string, number>>;
  readonly walks: readonly Walk[];
  readonly faults: readonly { readonly function: string; readonly fault: string }[];
}

test('every call that fails is told, leaks nothing and hangs nothing', async () => {
  const api = path.join(packageRoot, 'dist/esm/index.js');
  // It ends with 1 where there are faults, which the report tells.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [path.join(packageRoot, 'tools/standin/walk.mjs'), api],
    { maxBuffer: 2 ** 26 },
  ).catch((error: { stdout: string }) => error);
  const { opening, walks, faults } = JSON.parse(stdout) as Report;
  expect(faults).toEqual([]);
  // Each operation and each kernel of livedream's own.
  expect(opening).toEqual({
    TF_RegisterOpDefinition: 9,
    TF_KernelBuilder_TypeConstraint: 14,
    TF_RegisterKernelBuilder: 14,
  });
  expect(walks.length).toBeGreaterThanOrEqual(10);
  for (const { name, calls, walked, told } of walks) {
    expect(calls, name).toBeGreaterThan(300);
    expect(walked, name).toBeGreaterThan(0);
    expect(told['ERR_LIVEDREAM_OUT_OF_MEMORY'], name).toBeGreaterThan(0);
  }
  // Only what a model's node may be refused for is gone on without, and a session that could not be closed.
  const recovered = new Set(walks.flatMap((walk) => Object.keys(walk.recovered)));
  for (const each of recovered)
    expect(each).toMatch(/^TF_(FinishOperation|SetAttr|GraphGet|ShapeInference|DeleteSession)/);
});
