// What became of every request, and which answers were neither right nor clear.
const CLEAR = new Set([400, 404, 408, 413, 415, 422, 426]);

export class Answers {
  counts = {};
  /** Answers that must not be: a few of them, with what was wrong. */
  wrong = [];
  wrongCount = 0;

  count(what) {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  fail(what) {
    this.wrongCount += 1;
    if (this.wrong.length < 10) this.wrong.push(what);
  }

  /** @param right whether a 200 has what was asked for; @param expected the statuses besides that are right here */
  judge(kind, { status, headers, text }, right, expected = CLEAR) {
    this.count(`${kind} ${status}`);
    if (status === 200) return right() || this.fail(`${kind}: another dream than was made in quiet`);
    if (status === 503)
      return (
        headers['retry-after'] ||
        this.fail(`${kind}: 503 without Retry-After: ${text?.slice(0, 200)}, ${JSON.stringify(headers)}`)
      );
    if (!expected.has(status)) return this.fail(`${kind}: status ${status}, ${text?.slice(0, 200)}`);
    if (status !== 408 && !/"code":"\w+"/.test(text ?? '')) this.fail(`${kind}: ${status} without a code`);
  }
}
