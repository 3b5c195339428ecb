export function findClang(): string | undefined;
export function buildGraphFuzzer(clang: string): string;
export function fuzzerEnvironment(runtime: { readonly framework: string; readonly library: string }): NodeJS.ProcessEnv;
