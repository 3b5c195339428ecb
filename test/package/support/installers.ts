import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import packageRoot from '#package-root';
import { run } from './packed.js';

/** What pnpm and yarn keep of the registry, for the next run. */
const KEPT = path.join(packageRoot, '.cache');

export interface Installer {
  readonly name: string;
  /** Installs the tarball in an empty folder, running the packages' install scripts or not. */
  install(folder: string, tarball: string, scripts: boolean): Promise<void>;
  /** Runs a program there; answers with what it printed. */
  dream(folder: string, program: string): Promise<string>;
}

/** A folder whose path has spaces and letters beyond ASCII, with another of a PATH without compilers, make and Python. */
export async function emptyFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'livedream pâck ü 夢 ')));
  await mkdir(path.join(folder, 'bin'));
  for (const name of ['node', 'sh']) {
    const file = name === 'node' ? process.execPath : `/bin/${name}`;
    await symlink(file, path.join(folder, 'bin', name));
  }
  await writeFile(path.join(folder, 'package.json'), '{ "name": "dreams", "private": true }');
  return folder;
}

/** The environment of a user who has Node and nothing to build with; what npm and vitest say of this run is not there. */
export function bareEnvironment(folder: string, added: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|VITE_|NODE_ENV|NODE_OPTIONS)/i.test(name));
  return { ...Object.fromEntries(own), PATH: path.join(folder, 'bin'), ...added };
}

/** What a Node program prints, run in a folder with nothing but Node on its PATH. */
export async function programOf(
  folder: string,
  args: readonly string[],
  added?: Readonly<Record<string, string>>,
): Promise<string> {
  const { stdout } = await run(process.execPath, args, { cwd: folder, env: bareEnvironment(folder, added) });
  return stdout.trim();
}

/** npm's own program, as it lies beside this Node or on the PATH. */
async function npmProgram(): Promise<string> {
  const { stdout } = await run('sh', ['-c', 'command -v npm']);
  return realpath(stdout.trim());
}

async function registry(): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'registry'], { cwd: packageRoot });
  return stdout.trim();
}

async function withoutModules(folder: string): Promise<void> {
  for (const name of ['node_modules', '.pnp.cjs', '.pnp.loader.mjs', '.yarn'])
    await rm(path.join(folder, name), { recursive: true, force: true });
}

export const npm: Installer = {
  name: 'npm',
  async install(folder, tarball, scripts) {
    await withoutModules(folder);
    const flags = ['--no-audit', '--no-fund', '--prefer-offline', `--ignore-scripts=${!scripts}`];
    await programOf(folder, [await npmProgram(), 'install', ...flags, tarball]);
  },
  dream: (folder, program) => programOf(folder, [program]),
};

const PNPM = path.join(packageRoot, 'node_modules/pnpm/bin/pnpm.cjs');

export const pnpm: Installer = {
  name: 'pnpm',
  async install(folder, tarball, scripts) {
    await withoutModules(folder);
    const kept = [`--store-dir=${path.join(KEPT, 'pnpm')}`, `--config.registry=${await registry()}`];
    // pnpm runs no scripts of dependencies that it was not told to.
    const builds = scripts ? ['--config.dangerously-allow-all-builds=true'] : [];
    await programOf(folder, [PNPM, 'add', '--prefer-offline', ...kept, ...builds, tarball]);
  },
  dream: (folder, program) => programOf(folder, [program]),
};

const YARN = path.join(packageRoot, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js');
const YARN_ENVIRONMENT = { YARN_GLOBAL_FOLDER: path.join(KEPT, 'yarn'), YARN_IGNORE_PATH: '1' };

/** Without node_modules, as it is by default: packages stay in zip files, but for those with an addon. */
export const yarn: Installer = {
  name: 'yarn',
  async install(folder, tarball, scripts) {
    await withoutModules(folder);
    const manifest = { name: 'dreams', private: true, dependencies: { livedream: `file:${tarball}` } };
    await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest));
    await writeFile(path.join(folder, 'yarn.lock'), '');
    const settings = {
      enableScripts: scripts,
      enableTelemetry: false,
      enableImmutableInstalls: false,
      npmRegistryServer: (await registry()).replace(/\/$/, ''),
    };
    await writeFile(path.join(folder, '.yarnrc.yml'), JSON.stringify(settings));
    await programOf(folder, [YARN, 'install'], YARN_ENVIRONMENT);
  },
  dream: (folder, program) => programOf(folder, [YARN, 'node', program], YARN_ENVIRONMENT),
};
