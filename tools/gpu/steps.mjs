// What `npm run test:gpu` runs, in its order: each a command of its own, whose standard output goes into the report.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { MODELS, root } from '../bench/models.mjs';

const cli = path.join(root, 'dist/esm/cli/main.js');
const testReport = path.join(root, '.cache/test-gpu-report.json');

/** inception5h's structure with random weights where the real network may not be had: its speed does not depend on them. */
function seedModel() {
  const structure = path.resolve(root, '../shared/models/inception5h-structure.json');
  return existsSync(structure) ? ['--model', MODELS.inception5h().file, '--input', 'input'] : ['--yes'];
}

/** Of vitest's report: how many, and which failed. */
function testSummary() {
  if (!existsSync(testReport)) return 'The tests did not run.\n';
  const tests = JSON.parse(readFileSync(testReport, 'utf8')).testResults.flatMap((file) =>
    file.assertionResults.map((test) => ({ ...test, file: path.relative(root, file.name) })),
  );
  const of = (...statuses) => tests.filter(({ status }) => statuses.includes(status));
  const failed = of('failed').map(
    ({ file, fullName, failureMessages }) => `- ${file}: ${fullName}\n  ${failureMessages[0]?.split('\n')[0] ?? ''}\n`,
  );
  const counts = `${of('passed').length} passed, ${failed.length} failed, ${of('pending', 'skipped', 'todo').length} skipped`;
  return `${counts}\n${failed.join('')}`;
}

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {string[]} args of node
 * @property {Record<string, string>} [env]
 * @property {() => void} [before]
 * @property {() => string} [summary] in the place of what it prints
 */

/**
 * @param {string} device as in the option `device`
 * @param {string[]} [tests] some of the tests, as vitest takes them
 * @returns {Step[]}
 */
export function stepsOn(device, tests = []) {
  const xla = ['--xla', 'false,true', '--precision', 'float32,bfloat16,float16'];
  return [
    { name: 'What is here', args: [cli, 'doctor'] },
    { name: 'Kernels', args: [cli, 'doctor', '--kernels'] },
    {
      name: 'Tests',
      args: [
        'node_modules/vitest/vitest.mjs',
        ...['run', '--reporter=default', '--reporter=json', `--outputFile.json=${testReport}`, ...tests],
      ],
      // The reference computes in float32, which TF32 is not.
      env: { LIVEDREAM_TEST_DEVICE: device, NVIDIA_TF32_OVERRIDE: '0' },
      // Nothing of an earlier run is taken for this one's.
      before: () => rmSync(testReport, { force: true }),
      summary: testSummary,
    },
    { name: 'Benchmark', args: [cli, 'bench', '--device', device, ...xla] },
    { name: "The seed's table", args: [cli, 'bench', '--seed-table', ...seedModel()] },
  ];
}
