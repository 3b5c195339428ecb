import type { Command } from 'commander';
import { type DoctorReport, doctor } from '../doctor.js';
import { optionRangeError } from '../errors.js';
import { runKernels } from './doctor-kernels.js';
import { printJson } from './json.js';
import { addModelFlags, type ModelFlags } from './model-flags.js';

function line(good: boolean, name: string, text: string): string {
  return `${good ? 'ok  ' : 'no  '}${name.padEnd(12)}${text}\n`;
}

function size(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MiB` : `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function describePlatform({ name, libc, node, tested }: DoctorReport['platform']): string {
  return `${name}${libc ? `, ${libc}` : ''}, Node ${node}${tested ? '' : ' (not tested)'}`;
}

function describeRuntime({ library, loadedVersion, version, variant, source }: DoctorReport['runtime']): string {
  if (library === undefined) return 'not there';
  const build = variant === 'unknown' ? 'unknown build' : variant === 'gpu' ? 'CUDA build' : 'CPU build';
  return `TensorFlow ${loadedVersion ?? version ?? 'of unknown version'}, ${build}, from: ${source}, ${library}`;
}

function describeDevices(devices: DoctorReport['devices']): string {
  // What TensorFlow says of the processor's memory is a constant of its own, so only a GPU's is worth telling.
  const names = devices.map(({ name, type, memoryBytes }) =>
    type === 'gpu' ? `${name} (${size(memoryBytes)})` : name,
  );
  return names.join(', ') || 'none';
}

function describePython({ python, uv }: DoctorReport): string {
  const pip = python && `${python.command} ${python.version}, ${python.pip ? `pip ${python.pip}` : 'without pip'}`;
  const found = [pip, uv && `uv ${uv}`].filter(Boolean).join('; ');
  return found || 'none found; only needed to install';
}

function describeCache({ folder, runtimeBytes, downloadBytes, compiledBytes }: DoctorReport['cache']): string {
  return `${folder} (installed: ${size(runtimeBytes)}, unfinished downloads: ${size(downloadBytes)}, compiled programs: ${size(compiledBytes)})`;
}

export function describeReport(report: DoctorReport): string {
  const { platform, addon, runtime, devices, gpu, xla, python, uv, ffmpeg, cache, advice } = report;
  const items = advice.map((text) => `- ${text}\n`).join('');
  return [
    line(true, 'platform', describePlatform(platform)),
    line(addon.problem === undefined, 'addon', addon.path ?? 'not there'),
    line(runtime.problem === undefined, 'runtime', describeRuntime(runtime)),
    line(devices.length > 0, 'devices', describeDevices(devices)),
    line(gpu.available, 'gpu', gpu.why),
    line(xla.available, 'xla', xla.why),
    line(python?.pip !== undefined || uv !== undefined, 'python', describePython(report)),
    line(ffmpeg !== undefined, 'films', ffmpeg ? `ffmpeg ${ffmpeg}` : 'no ffmpeg 4.4 or later; only needed for films'),
    line(true, 'cache', describeCache(cache)),
    `\n${report.ok ? 'Ready to dream.' : 'Not ready:'}\n${items}`,
  ].join('');
}

interface Flags extends ModelFlags {
  readonly json?: boolean;
  readonly kernels?: boolean;
}

async function run({ json, kernels, ...model }: Flags): Promise<void> {
  if (kernels) return runKernels(model, json ?? false);
  if (Object.keys(model).length > 0)
    throw optionRangeError('kernels', 'given together with what names a model', kernels);
  const report = await doctor();
  if (json) printJson(report);
  else process.stdout.write(describeReport(report));
  if (!report.ok) process.exitCode = 1;
}

export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('try what is on this machine, say what is missing, and what to do about it')
    .option('--json', 'as JSON')
    .option(
      '--kernels',
      "instead ask TensorFlow's CUDA build which operations of a model have kernels for GPUs; no GPU is needed",
    );
  addModelFlags(command);
  command.action(run);
}
