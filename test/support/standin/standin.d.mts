export function standin(): Buffer;
export function writeStandin(folder: string): void;
