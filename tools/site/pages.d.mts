export function writePages(folder: string): string[];
