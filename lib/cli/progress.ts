import { Presets, SingleBar } from 'cli-progress';

/** A bar on a terminal's stderr, or nothing where stderr is no terminal. */
export interface Progress {
  /** Before there is anything to count: "loading the model". */
  phase(text: string): void;
  /** 0..1 */
  update(fraction: number, text: string): void;
  stop(): void;
}

const SILENT: Progress = { phase: () => undefined, update: () => undefined, stop: () => undefined };

export function showProgress(): Progress {
  if (!process.stderr.isTTY) return SILENT;
  const bar = new SingleBar(
    {
      format: '{bar} {percentage}% {text}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 28,
      etaBuffer: 20,
    },
    Presets.shades_classic,
  );
  bar.start(1, 0, { text: '' });
  return {
    phase: (text) => bar.update(0, { text }),
    update: (fraction, text) => bar.update(fraction, { text }),
    stop: () => bar.stop(),
  };
}
