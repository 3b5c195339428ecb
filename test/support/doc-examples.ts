import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import packageRoot from '#package-root';

const run = promisify(execFile);

export interface Example {
  /** "steering-2": the second of docs/steering.md. */
  readonly name: string;
  readonly code: string;
}

const FENCE = /```(?:ts|js)\n([\s\S]*?)```/g;

function examplesOf(file: string): Example[] {
  const text = readFileSync(path.join(packageRoot, file), 'utf8');
  const page = path.basename(file, '.md');
  return Array.from(text.matchAll(FENCE), ([, code = ''], index) => ({ name: `${page}-${index + 1}`, code }));
}

/** Every example in JavaScript or TypeScript of README.md and docs/. */
export function docExamples(): Example[] {
  const pages = readdirSync(path.join(packageRoot, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.sort().map((name) => `docs/${name}`)].flatMap(examplesOf);
}

/** What an example may take for granted, as its page says or its reader guesses. */
const GLOBALS = `
import type * as livedream from 'livedream';
import type { writeFile as write } from 'node:fs/promises';

declare global {
  ${[
    'Dreamer',
    'planSheet',
    'traceFile',
    'compileCache',
    'measuredBatches',
    'readRecipe',
    'recipeOf',
    'readParameters',
    'loadOptionsOf',
    'replay',
    'compareParameters',
  ]
    .map((name) => `const ${name}: typeof livedream.${name};`)
    .join('\n  ')}
  const writeFile: typeof write;
  const dreamer: livedream.Dreamer;
  const input: livedream.PictureInput;
  const inputs: readonly livedream.PictureInput[];
  const pictures: readonly livedream.PictureInput[];
  const files: readonly string[];
  const controller: AbortController;
  const signal: AbortSignal;
  const camera: AsyncIterable<livedream.RawPicture>;
  const tooWild: boolean;
  function show(data: Uint8Array | Float32Array, width?: number, height?: number): Promise<void>;
  function cameraFrame(): Promise<Blob>;
  function base64url(text: string): string;
  const token: string;
}
`;

/** What the project of examples is apart from its examples. */
export interface ExamplesProject {
  /** Below .cache; default doc-examples. */
  readonly name?: string;
  /** A declaration of what they take for granted. */
  readonly globals?: string;
  /** Where they are compiled to; default `run` in the project. */
  readonly outDir?: string;
}

/** A TypeScript project of the examples, within the package so that they import it by its name. */
export function writeExamples(
  examples: readonly Example[],
  { name: project = 'doc-examples', globals = GLOBALS, outDir = 'run' }: ExamplesProject = {},
): string {
  const folder = path.join(packageRoot, '.cache', project);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'globals.d.ts'), globals);
  for (const { name, code } of examples) writeFileSync(path.join(folder, `${name}.ts`), `${code}\nexport {};\n`);
  const compilerOptions = {
    noEmit: false,
    outDir,
    rootDir: '.',
    lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
    declaration: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const config = { extends: '../../tsconfig.json', compilerOptions, include: ['.'], exclude: ['run'] };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify(config));
  return folder;
}

/** What the compiler says of a project: nothing, where all is well. */
export async function compileExamples(project: string): Promise<string> {
  const compiler = path.join(packageRoot, 'node_modules/.bin/tsc');
  const { stdout } = await run(compiler, ['-p', project]).catch((error: { stdout: string }) => error);
  return stdout;
}
