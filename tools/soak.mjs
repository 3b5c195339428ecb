// npm run soak: the library in one process, under a random mix of dreams, streams, aborts, bad input, Dreamers that come and go and worker
// threads. Every outcome is a right result or one of livedream's errors; memory stays, and nothing is left. docs/soak.md
// node tools/soak.mjs [--minutes 60] [--seed N] [--lanes 3] [--small] [--counts] [--report FILE] [--step N]
// --small: the small network alone; --counts: judges all but memory; --step: that step of the seed by itself; --report writes FILE.json,
// FILE.md and FILE.svg.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os, { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chartOf } from './soak/chart.mjs';
import { markdownOf, reportOf } from './soak/report.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    lanes: { type: 'string', default: '3' },
    small: { type: 'boolean', default: false },
    counts: { type: 'boolean', default: false },
    report: { type: 'string' },
    step: { type: 'string' },
  },
});
/** A process that has begun or ended no step for so long hangs, in milliseconds; one that has ended its work has this long to end. */
const HANGS = 300_000;
const LAST = 30_000;

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-soak-'));
const minutes = Number(values.minutes);
const settings = {
  ...{ seed: values.seed, minutes, folder, small: values.small, lanes: Number(values.lanes) },
  ...(values.step === undefined ? {} : { only: values.step }),
  /** Milliseconds between two samples. */
  every: Math.min(30_000, minutes * 2000),
};
console.error(`soak: seed ${settings.seed}, ${minutes} minutes, log in ${folder}`);

/** Nothing of the user's own: what was measured and compiled is kept for this soak. */
const own = { LIVEDREAM_TUNING: path.join(folder, 'tuning'), LIVEDREAM_COMPILE_CACHE: path.join(folder, 'compiled') };
const program = path.join(import.meta.dirname, 'soak/process.mjs');
const child = spawn(process.execPath, [program, JSON.stringify(settings)], {
  env: { ...process.env, ...own },
  stdio: ['ignore', 'pipe', 'pipe'],
});
process.once('exit', () => child.kill('SIGKILL'));
let [said, endedByItself] = ['', true];
const kill = () => {
  endedByItself = false;
  child.kill('SIGKILL');
};
child.stderr.on('data', (text) => {
  said = (said + text).slice(-20_000);
});
let last;
child.stdout.on('data', (text) => {
  if (String(text) === 'ended\n') last = setTimeout(kill, LAST);
  else said += text;
});
const steps = path.join(folder, 'steps.jsonl');
const watch = setInterval(() => {
  if (existsSync(steps) && Date.now() - statSync(steps).mtimeMs > HANGS) kill();
}, 5000);
const [code, signal] = await new Promise((resolve) => child.once('close', (...how) => resolve(how)));
clearInterval(watch);
clearTimeout(last);

const linesOf = (name) => {
  const file = path.join(folder, name);
  return existsSync(file)
    ? readFileSync(file, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : [];
};
const environment = { cpu: os.cpus()[0]?.model, cores: os.cpus().length, node: process.version };
const report = reportOf({
  ...{ settings, lines: linesOf('log.jsonl'), steps: linesOf('steps.jsonl') },
  ...{ code, signal, endedByItself, said, environment },
});
console.log(markdownOf(report));
if (values.report !== undefined) {
  writeFileSync(`${values.report}.json`, `${JSON.stringify(report, undefined, 1)}\n`);
  writeFileSync(`${values.report}.md`, `${markdownOf(report)}\n`);
  if (report.samples.length > 0) writeFileSync(`${values.report}.svg`, await chartOf(report));
}
const judged = { ...report.verdicts, ...(values.counts || values.step !== undefined ? {} : report.memory) };
const passed = Object.values(judged).every(Boolean);
if (passed) rmSync(folder, { recursive: true });
process.exitCode = passed ? 0 : 1;
