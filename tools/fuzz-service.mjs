// npm run fuzz:service: Schemathesis over the OpenAPI document of `livedream serve`, which runs on the loopback address with small
// limits. No answer may be a 5xx, have a status, type, header or shape that the document has not, or be a success for what the
// document does not allow.
// node tools/fuzz-service.mjs [--examples 100] [--minutes 8] [--seed N] [--token] [-- flags of livedream serve]
// Exits with 3 where Schemathesis cannot be had, with 1 for what it found.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { EXAMPLE_PICTURE } from '../dist/esm/service/example-picture.js';
import { root } from './bench/models.mjs';
import { smallInception } from './graphs/small-inception.mjs';
import { serve } from './service/served.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    examples: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '8' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
    /** Whether the service wants a token, which the requests then have. */
    token: { type: 'boolean', default: false },
  },
});

/** Milliseconds that the service may take to stop. */
const STOP = 20_000;
const TOKEN = 'a-token-of-the-fuzzer';
const CHECKS = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
  'negative_data_rejection',
  'ignored_auth',
];
const LIMITS = {
  '--pixel-limit': 20_000,
  '--octave-limit': 3,
  '--iteration-limit': 3,
  '--body-limit': 65_536,
  '--time-limit': 30,
};

/** A network that dreams in milliseconds, with a filter and a name that the document's example has. */
function model(folder) {
  writeFileSync(path.join(folder, 'graph.pb'), smallInception());
  const filters = { waves: { layer: 'mixed3b', options: { octaves: 1, iterations: 1 } } };
  const description = { name: 'small', defaultLayer: 'mixed3b', filters };
  writeFileSync(path.join(folder, 'model.json'), JSON.stringify(description));
  return path.join(folder, 'model.json');
}

function schemathesis() {
  const made = spawnSync(process.execPath, ['tools/fuzz/setup.mjs'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (made.status !== 0) process.exit(made.status ?? 1);
  return path.join(path.dirname(made.stdout.trim()), 'schemathesis');
}

const command = schemathesis();
const folder = mkdtempSync(path.join(os.tmpdir(), 'livedream-fuzz-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
process.env.LIVEDREAM_THUMBNAILS = path.join(folder, 'thumbnails');
process.env.LIVEDREAM_TUNING = 'off';
const limits = Object.entries(LIMITS).flatMap(([flag, value]) => [flag, String(value)]);
const token = values.token ? ['--token', TOKEN] : [];
const service = await serve(['--model', model(folder), '--device', 'cpu', ...limits, ...token, ...positionals]);
const args = [
  ...[
    '--config-file',
    path.join(root, 'tools/fuzz/schemathesis.toml'),
    'run',
    new URL('openapi.json', service.url).href,
    '--no-color',
    '--continue-on-failure',
    '--warnings',
    'off',
  ],
  ...['--checks', CHECKS.join(','), '--phases', 'examples,coverage,fuzzing,stateful'],
  ...['--max-examples', values.examples, '--seed', values.seed, '--generation-database', 'none'],
  ...['--request-timeout', '60', '--suppress-health-check', 'all'],
  ...(values.token ? ['--header', `Authorization:Bearer ${TOKEN}`] : []),
];
const env = {
  ...process.env,
  SCHEMATHESIS_HOOKS: path.join(root, 'tools/fuzz/hooks.py'),
  FUZZ_PICTURE: EXAMPLE_PICTURE,
};
const fuzzer = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'inherit', 'inherit'] });
const late = setTimeout(() => {
  console.error(`The service was not through after ${values.minutes} minutes.`);
  fuzzer.kill();
}, Number(values.minutes) * 60_000);
const [status] = await once(fuzzer, 'close');
clearTimeout(late);
const ended = service.running()
  ? await Promise.race([service.stop(), after(STOP, 'nothing, as it does not end')])
  : 'its process';
if (ended !== 0) console.error(`livedream serve ended with ${ended}:\n${service.said()}`);
process.exit(status === 0 && ended === 0 ? 0 : 1);
