// The process that is soaked: node process.mjs SETTINGS, as JSON. Ends by itself, or else holds something. Its files: log.jsonl, a line a
// sample and what was found; steps.jsonl, a line where a step begins and one where it ends.
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { ACTIONS } from './actions/all.mjs';
import { Chance } from './chance.mjs';
import { openHome } from './home.mjs';
import { collectGarbage, held, more, peak, sample } from './watch.mjs';

const { seed, minutes, folder, small, only, lanes, every } = JSON.parse(process.argv[2]);
const log = (line) => appendFileSync(path.join(folder, 'log.jsonl'), `${JSON.stringify(line)}\n`);
const note = (line) => appendFileSync(path.join(folder, 'steps.jsonl'), `${JSON.stringify(line)}\n`);
const start = performance.now();
const elapsed = () => Math.round((performance.now() - start) / 10) / 100;
/** How long threads and files that nobody waits for may take to go, in milliseconds. */
const PATIENCE = 120_000;

const counts = {};
let failed = false;

async function take(step, action, home) {
  const begun = elapsed();
  note({ step, action: action.name });
  try {
    const end = `${action.name}, ${await action.run({ chance: new Chance(seed, step), home })}`;
    counts[end] = (counts[end] ?? 0) + 1;
    note({ step, end, seconds: elapsed() - begun });
  } catch (error) {
    failed = true;
    log({ kind: 'failure', step, action: action.name, message: error.message, stack: error.stack });
  }
}

const actionOf = (step) => new Chance(seed, `action ${step}`).weighted(ACTIONS);

/** Lets those who come pass, until it is closed; then those who are inside come out. */
class Gate {
  inside = 0;
  #open = Promise.resolve();
  #opened;

  async enter(work) {
    await this.#open;
    this.inside += 1;
    try {
      await work();
    } finally {
      this.inside -= 1;
    }
  }

  async close() {
    this.#open = new Promise((resolve) => {
      this.#opened = resolve;
    });
    while (this.inside > 0) await after(5);
  }

  open() {
    this.#opened();
  }
}

/** Waits until no more is held than before; what is more then. */
async function leftOver(before) {
  const until = performance.now() + PATIENCE;
  let [found, last] = [[], ''];
  do {
    await collectGarbage();
    found = more(before, held());
    if (String(found) !== last) log({ kind: 'left', seconds: elapsed(), found });
    last = String(found);
  } while (found.length > 0 && performance.now() < until && (await after(200, true)));
  return found;
}

/**
 * Every action once, and a dream on each of the shared Dreamers: the pools of threads that TensorFlow keeps for the process's life are
 * there then, such as those of its sessions (`profile`) and of XLA, and are not counted as left.
 */
async function firstRound() {
  const home = await openHome({ seed, folder, small });
  for (const { dreamer, cases } of home.places) for (const { raw, options } of cases) await dreamer.dream(raw, options);
  for (const [at, [, action]] of ACTIONS.entries()) if (!failed) await take(`first ${at}`, action, home);
  await home.close();
  await collectGarbage();
  await after(1000);
}

async function soak() {
  const home = await openHome({ seed, folder, small });
  const gate = new Gate();
  const until = start + minutes * 60_000;
  const goesOn = () => !failed && performance.now() < until;
  let step = 0;
  const lane = async () => {
    while (goesOn()) {
      step += 1;
      const own = step;
      await gate.enter(() => take(own, actionOf(own), home));
    }
  };
  const running = Promise.all(Array.from({ length: lanes }, lane)).then(() => true);
  // At rest, so that what is compared is what is kept, and in the middle of work.
  for (let ended = false; !ended; ) {
    ended = await Promise.race([running, after(every, false, { ref: false })]);
    const busy = sample();
    await gate.close();
    await collectGarbage();
    log({ kind: 'sample', seconds: elapsed(), steps: step, ...sample(), busy });
    gate.open();
  }
  await home.close();
  return step;
}

/** One step by itself, as when a soak ended with it. */
async function alone() {
  const home = await openHome({ seed, folder, small });
  await take(only, String(only).startsWith('first') ? ACTIONS[Number(only.split(' ')[1])][1] : actionOf(only), home);
  await home.close();
  return 1;
}

if (only === undefined) await firstRound();
const before = held();
const steps = only === undefined ? await soak() : await alone();
// A step by itself has no first round before it, and brings along what is kept for the process's life.
const left = only === undefined ? await leftOver(before) : [];
log({ kind: 'end', seconds: elapsed(), steps, counts, left, held: held(), rest: sample(), peak: peak() });
process.stdout.write('ended\n');
