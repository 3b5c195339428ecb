#!/usr/bin/env node
import { Command } from 'commander';
import { packageVersion } from '../version.js';
import { reportError } from './report.js';
import { watchStandardOutput } from './standard-streams.js';

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
/** In the order that the help has them. Each is loaded when it is asked for: all of them take half a second. */
const COMMANDS = {
  dream: async () => (await import('./dream.js')).registerDream,
  replay: async () => (await import('./replay.js')).registerReplay,
  show: async () => (await import('./show.js')).registerShow,
  recipe: async () => (await import('./recipe.js')).registerRecipe,
  video: async () => (await import('./video.js')).registerVideo,
  zoom: async () => (await import('./zoom.js')).registerZoom,
  morph: async () => (await import('./morph.js')).registerMorph,
  serve: async () => (await import('./serve.js')).registerServe,
  farm: async () => (await import('./farm.js')).registerFarm,
  layers: async () => (await import('./layers.js')).registerLayers,
  models: async () => (await import('./models.js')).registerModels,
  bench: async () => (await import('./bench.js')).registerBench,
  install: async () => (await import('./install.js')).registerInstall,
  build: async () => (await import('./build.js')).registerBuild,
  cache: async () => (await import('./cache.js')).registerCache,
  doctor: async () => (await import('./doctor.js')).registerDoctor,
};

function isCommand(name: string | undefined): name is keyof typeof COMMANDS {
  return name !== undefined && Object.hasOwn(COMMANDS, name);
}

// The program's own flags take no values, so that the first that is none is the command. Without a known one there is help to
// be printed, or a command to be suggested.
const asked = process.argv.slice(2).find((argument) => !argument.startsWith('-'));
for (const command of isCommand(asked) ? [COMMANDS[asked]] : Object.values(COMMANDS)) (await command())(program);

watchStandardOutput();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = reportError(error, Boolean(program.opts<{ verbose?: boolean }>().verbose));
}
