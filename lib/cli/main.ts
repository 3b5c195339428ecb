#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import packageRoot from '#package-root';
import { registerBuild } from './build.js';
import { registerDoctor } from './doctor.js';
import { registerDream } from './dream.js';
import { registerInstall } from './install.js';
import { registerLayers } from './layers.js';
import { registerModels } from './models.js';
import { reportError } from './report.js';
import { watchStandardOutput } from './standard-streams.js';

const { version } = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as { version: string };

const program = new Command('livedream')
  .description('DeepDream on your pictures, natively, with TensorFlow and XLA.')
  .version(version)
  .option('--verbose', "show TensorFlow's log lines and the stack of errors")
  .showHelpAfterError('(livedream --help shows what there is)')
  .exitOverride((error) => {
    // Usage errors end with 2, as POSIX tools do; help and version with 0.
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
program.hook('preAction', () => {
  if (program.opts<{ verbose?: boolean }>().verbose) process.env['LIVEDREAM_VERBOSE'] = '1';
});
for (const register of [registerDream, registerLayers, registerModels, registerInstall, registerBuild, registerDoctor])
  register(program);

watchStandardOutput();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error, Boolean(program.opts<{ verbose?: boolean }>().verbose));
}
