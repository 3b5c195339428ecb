import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import packageRoot from '#package-root';

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

test('npm pack holds the network with its licence, and stays below 5.5 MB', async () => {
  // Without scripts: prepack would compile again under the other tests' feet.
  const { stdout } = await promisify(execFile)('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: packageRoot,
  });
  const [packed] = JSON.parse(stdout) as Packed[];
  const files = packed?.files.map((file) => file.path);
  for (const name of ['graph.pb', 'model.json', 'README.md', 'NOTICE']) expect(files).toContain(`models/dream/${name}`);
  const drawnWith = [
    'assets/RobotoCondensed-Medium.ttf',
    'assets/OFL.txt',
    'assets/fonts.conf',
    'docs/images/sample.jpg',
  ];
  expect(files).toEqual(expect.arrayContaining(drawnWith));
  expect(files?.filter((name) => /standin|\.pt$|tools\//.test(name))).toEqual([]);
  expect(packed?.size).toBeLessThan(5.5e6);
  console.info(`npm pack: ${packed?.size} bytes`);
});
