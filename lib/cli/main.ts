#!/usr/bin/env node
import { Command } from 'commander';
import { packageVersion } from '../version.js';
import { registerBench } from './bench.js';
import { registerBuild } from './build.js';
import { registerCache } from './cache.js';
import { registerDoctor } from './doctor.js';
import { registerDream } from './dream.js';
import { registerInstall } from './install.js';
import { registerLayers } from './layers.js';
import { registerModels } from './models.js';
import { registerMorph } from './morph.js';
import { registerRecipe } from './recipe.js';
import { registerReplay } from './replay.js';
import { reportError } from './report.js';
import { registerServe } from './serve.js';
import { registerShow } from './show.js';
import { watchStandardOutput } from './standard-streams.js';
import { registerVideo } from './video.js';
import { registerZoom } from './zoom.js';

const program = new Command('livedream')
  .description('DeepDream on your pictures, natively, with TensorFlow and XLA.')
  .version(packageVersion())
  .option('--verbose', "show TensorFlow's log lines and the stack of errors")
  .showHelpAfterError('(livedream --help shows what there is)')
  .exitOverride((error) => {
    // Usage errors end with 2, as POSIX tools do; help and version with 0.
    process.exit(error.exitCode === 0 ? 0 : 2);
  });
program.hook('preAction', () => {
  if (program.opts<{ verbose?: boolean }>().verbose) process.env['LIVEDREAM_VERBOSE'] = '1';
});
for (const register of [
  registerDream,
  registerReplay,
  registerShow,
  registerRecipe,
  registerVideo,
  registerZoom,
  registerMorph,
  registerServe,
  registerLayers,
  registerModels,
  registerBench,
  registerInstall,
  registerBuild,
  registerCache,
  registerDoctor,
])
  register(program);

watchStandardOutput();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error, Boolean(program.opts<{ verbose?: boolean }>().verbose));
}
