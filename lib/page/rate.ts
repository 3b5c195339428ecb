/** Frames that the numbers are taken of, in milliseconds. */
const WINDOW = 3000;

interface Shown {
  readonly at: number;
  readonly latency: number | undefined;
}

/** Frames a second and the time from the camera to the screen, of the last seconds. */
export class Rate {
  #shown: Shown[] = [];

  count(at: number, sentAt: number | undefined): void {
    const latency = sentAt === undefined ? undefined : at - sentAt;
    this.#shown = [...this.#shown.filter((each) => at - each.at < WINDOW), { at, latency }];
  }

  told(): { readonly rate: string; readonly latency: string } {
    const [first] = this.#shown;
    const last = this.#shown.at(-1);
    const latencies = this.#shown.flatMap(({ latency }) => latency ?? []).sort((a, b) => a - b);
    const middle = latencies[Math.floor(latencies.length / 2)];
    const seconds = first && last ? (last.at - first.at) / 1000 : 0;
    return {
      rate: seconds > 0 ? ((this.#shown.length - 1) / seconds).toFixed(1) : '–',
      latency: middle === undefined ? '–' : `${Math.round(middle)} ms`,
    };
  }
}
