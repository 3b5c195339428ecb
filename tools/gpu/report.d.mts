export interface Done {
  readonly name: string;
  readonly command: string;
  readonly seconds: number;
  readonly status: number | null;
  readonly output: string;
}
export function gpuReport(run: {
  readonly date: Date;
  readonly device: string;
  readonly facts: Readonly<Record<string, string>>;
  readonly steps: readonly Done[];
}): string;
