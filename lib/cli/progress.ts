import { Presets, SingleBar } from 'cli-progress';

/** A bar on a terminal's stderr, or nothing where stderr is no terminal. */
export interface Progress {
  /** Before there is anything to count: "loading the model". */
  phase(text: string): void;
  /** 0..1 */
  update(fraction: number, text: string): void;
  /** A line for stdout, which may be the same terminal: the bar goes first, and comes back with the next update. */
  result(line: string): void;
  stop(): void;
}

function makeBar(): SingleBar {
  return new SingleBar(
    {
      format: '{bar} {percentage}% {text}',
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      barsize: 28,
    },
    Presets.shades_classic,
  );
}

export function showProgress(): Progress {
  const visible = process.stderr.isTTY;
  let bar: SingleBar | undefined;
  const update = (fraction: number, text: string): void => {
    if (!visible) return;
    if (bar) {
      bar.update(fraction, { text });
    } else {
      bar = makeBar();
      bar.start(1, fraction, { text });
    }
  };
  const stop = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    phase: (text) => update(0, text),
    update,
    result: (line) => {
      stop();
      process.stdout.write(`${line}\n`);
    },
    stop,
  };
}
