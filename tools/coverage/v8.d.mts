/** The part of istanbul-lib-coverage's map that is used. */
export interface CoverageMap {
  files(): string[];
  fileCoverageFor(file: string): { getLineCoverage(): Readonly<Record<number, number>> };
}

export function coverageOfBuilt(
  folder: string,
  pages: string,
): Promise<{ readonly coverageMap: CoverageMap; readonly page: boolean }>;
