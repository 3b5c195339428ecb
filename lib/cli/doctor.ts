import type { Command } from 'commander';
import { type DoctorReport, doctor } from '../doctor.js';
import { printJson } from './json.js';

function line(good: boolean, name: string, text: string): string {
  return `${good ? 'ok  ' : 'no  '}${name.padEnd(12)}${text}\n`;
}

function describeRuntime({ runtime }: DoctorReport): string {
  if (!runtime?.library) return runtime?.problem ?? 'not found';
  const version = runtime.loadedVersion ?? runtime.version ?? 'of unknown version';
  return `TensorFlow ${version} (${runtime.variant} build, found by: ${runtime.source}), ${runtime.library}${runtime.problem ? `: ${runtime.problem}` : ''}`;
}

function describe(report: DoctorReport): string {
  const { platform, addon, runtime, devices, gpu, xla, python, cache, advice } = report;
  const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const names = devices.map(({ name, type, memoryBytes }) => (type === 'gpu' ? `${name} (${gib(memoryBytes)})` : name));
  const pip = python
    ? `${python.version}, ${python.pip ? `pip ${python.pip}` : 'without pip'}`
    : 'none found; only needed to install';
  return [
    line(
      true,
      'platform',
      `${platform.name}${platform.libc ? `, ${platform.libc}` : ''}, Node ${platform.node}${platform.tested ? '' : ' (not tested)'}`,
    ),
    line(addon.problem === undefined, 'addon', addon.path ?? 'not there'),
    line(runtime?.problem === undefined, 'runtime', describeRuntime(report)),
    line(devices.length > 0, 'devices', names.join(', ') || 'none'),
    line(gpu.available, 'gpu', gpu.why),
    line(xla.available, 'xla', xla.why),
    line(python?.pip !== undefined, 'python', pip),
    line(true, 'cache', cache),
    report.ok ? '\nReady to dream.\n' : `\nNot ready:\n${advice.map((text) => `- ${text}\n`).join('')}`,
  ].join('');
}

async function run({ json }: { readonly json?: boolean }): Promise<void> {
  const report = await doctor();
  if (json) printJson(report);
  else process.stdout.write(describe(report));
  if (!report.ok) process.exitCode = 1;
}

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('say what was found on this machine, what is missing, and what to do about it')
    .option('--json', 'as JSON')
    .action(run);
}
