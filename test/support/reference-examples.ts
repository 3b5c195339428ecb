import path from 'node:path';
import { API, type Checker, type Symbol as CompilerSymbol, SignatureKind, SymbolFlags } from 'typescript/unstable/sync';
import packageRoot from '#package-root';
import type { Example } from './doc-examples.js';

/** What stands in the reference: a function, a class or a method of one, such as `Dreamer.dream`. */
export interface Documented {
  readonly name: string;
  readonly entry: string;
  /** What its `@example` tags hold; of a fence of TypeScript the code. */
  readonly examples: readonly string[];
}

/** The entry points of the package, whose exports are the reference. */
export const ENTRIES = ['lib/index.ts', 'lib/service/plugin.ts', 'lib/farm/index.ts'] as const;

const FENCE = /^```ts\n([\s\S]*)\n```$/;

function isInternal(symbol: CompilerSymbol, checker: Checker): boolean {
  return symbol.getJsDocTags(checker).some(({ name }) => name === 'internal');
}

function documented(name: string, entry: string, symbol: CompilerSymbol, checker: Checker): Documented {
  const tags = symbol.getJsDocTags(checker).filter((tag) => tag.name === 'example');
  return { name, entry, examples: tags.map(({ text = '' }) => FENCE.exec(text.trim())?.[1] ?? text) };
}

function methodsOf(symbol: CompilerSymbol, checker: Checker): CompilerSymbol[] {
  return [...symbol.getExports().values(), ...symbol.getMembers().values()].filter(
    (each) => each.flags & SymbolFlags.Method && !each.name.includes('#') && !isInternal(each, checker),
  );
}

function isCallable(symbol: CompilerSymbol, checker: Checker): boolean {
  if (symbol.flags & SymbolFlags.Function) return true;
  const type = symbol.flags & SymbolFlags.Variable ? checker.getTypeOfSymbol(symbol) : undefined;
  return type !== undefined && checker.getSignaturesOfType(type, SignatureKind.Call).length > 0;
}

/** Every exported function and class of an entry, and the public methods that a class itself declares. */
function exportsOf(entry: string, module: CompilerSymbol, checker: Checker): Documented[] {
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const { name } = exported;
    if (symbol.flags & SymbolFlags.Class)
      return [
        documented(name, entry, symbol, checker),
        ...methodsOf(symbol, checker).map((each) => documented(`${name}.${each.name}`, entry, each, checker)),
      ];
    return isCallable(symbol, checker) ? [documented(name, entry, symbol, checker)] : [];
  });
}

/** What the package exports that is called or made, as the compiler sees it. */
export function referenceOf(): Documented[] {
  const api = new API();
  try {
    const config = path.join(packageRoot, 'tsconfig.esm.json');
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config);
    if (project === undefined) throw new Error(`'${config}' is no project`);
    const { program, checker } = project;
    return ENTRIES.flatMap((entry) => {
      const source = program.getSourceFile(path.join(packageRoot, entry));
      const module = source && checker.getSymbolAtLocation(source);
      if (module === undefined) throw new Error(`'${entry}' exports nothing`);
      return exportsOf(entry, module, checker);
    });
  } finally {
    api.close();
  }
}

/** Each by the name of what it is of, a second one as `Dreamer.dream-2`. */
export function examplesOf(reference: readonly Documented[]): Example[] {
  return reference.flatMap(({ name, examples }) =>
    examples.map((code, index) => ({ name: index === 0 ? name : `${name}-${index + 1}`, code })),
  );
}
