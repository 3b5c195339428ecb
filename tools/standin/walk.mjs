// node walk.mjs API [--every] [scenario ...]: makes each call of TensorFlow's C API that may fail fail in turn, and prints what
// came of it as JSON. Of calls that come by one way through the program the first is made to fail; with --every each.
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SCENARIOS } from './scenarios.mjs';
import { openStandin, STANDIN } from './standin.mjs';

const [api, ...rest] = process.argv.slice(2);
const every = rest.includes('--every');
const named = rest.filter((word) => word !== '--every');
const names = named.length > 0 ? named : Object.keys(SCENARIOS);
Object.assign(process.env, {
  LIVEDREAM_TENSORFLOW: STANDIN,
  LIVEDREAM_COMPILE_CACHE: 'off',
  LIVEDREAM_TUNING: 'off',
});
const { Dreamer, LiveDreamError } = await import(api);
// What the stand-in computes in bfloat16 is made up: every processor has the unit for that.
const { loadAddon } = await import(new URL('binding/addon.js', pathToFileURL(api)).href);
Object.assign(loadAddon(), { bfloat16Unit: () => 'avx512' });
const standin = openStandin();

const INTERNAL = 13;
const EXHAUSTED = 8;
/** After one in so many failures it is tried whether the Dreamer still works. */
const AGAIN = 5;
/** Milliseconds that a scenario may take: far more than it does, with sanitizers too. */
const LONGEST = Number(process.env.LIVEDREAM_WALK_LONGEST ?? 20_000);
/** What TensorFlow refuses of a model's nodes is left out when layers are looked for, and then missed by its user. */
const BUILDING = /^TF_(FinishOperation|SetAttr|GraphGet|ShapeInference)/;
const SKIPPED = ['ERR_LIVEDREAM_MODEL_UNREADABLE', 'ERR_LIVEDREAM_LAYER_UNKNOWN', 'ERR_LIVEDREAM_IMAGE_TOO_SMALL'];
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc');

/** Handles that are alive, when nothing in JavaScript holds any. */
async function settledHandles(expected) {
  let handles = standin.handles();
  for (let round = 0; round < 30 && JSON.stringify(handles) !== JSON.stringify(expected); round += 1) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, round));
    handles = standin.handles();
  }
  return handles;
}

function leaks(before, after) {
  return Object.fromEntries(
    Object.entries(after)
      .map(([kind, count]) => [kind, count - before[kind]])
      .filter(([, count]) => count !== 0),
  );
}

/** What it came to: nothing where it went through. */
async function outcome(work) {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(resolve, LONGEST, new Error('hangs'));
  });
  const settled = work.then(
    () => undefined,
    (error) => error,
  );
  return Promise.race([settled, late]).finally(() => clearTimeout(timer));
}

function textsOf(error) {
  const texts = [];
  for (let each = error; each instanceof Error; each = each.cause) texts.push(each.message);
  return texts.join('\n');
}

/** Whether a failure may have been taken for a refusal. What was left out for that stays so for that Dreamer. */
function skipped(error, failed, code) {
  return code === INTERNAL && BUILDING.test(failed) && SKIPPED.includes(error.code);
}

/** What is wrong with how a failure was told; nothing where nothing is. */
function complaint(error, failed, code, message) {
  if (skipped(error.cause ?? error, failed, code)) return undefined;
  if (!(error instanceof LiveDreamError)) return `rejects with ${error}`;
  if (error.code === 'ERR_LIVEDREAM_INTERNAL') return `rejects with ${error.code}: ${textsOf(error)}`;
  const memory = code === EXHAUSTED || failed === 'TF_AllocateTensor';
  if (memory && failed.startsWith('TFE_Execute') && error.code !== 'ERR_LIVEDREAM_OUT_OF_MEMORY')
    return `rejects with ${error.code}, though there was no memory`;
  // An allocation has no status to put a message in.
  if (failed !== 'TF_AllocateTensor' && !textsOf(error).includes(message))
    return `hides the message: ${textsOf(error)}`;
  return undefined;
}

const faults = [];
let serial = 0;
/** What is alive when nothing is done. */
let baseline = standin.handles();

/** What was told of a failure. The error is not kept: its stack holds what the frames on it hold. */
async function told(work, code, message) {
  const error = await outcome(work);
  const failed = standin.fired();
  const wrong = error === undefined || failed === '' ? undefined : complaint(error, failed, code, message);
  return { failed, code: error?.code, recovered: error === undefined, wrong };
}

/** Lets one call of a scenario fail. */
async function fail(name, run, call, code) {
  serial += 1;
  const message = `made to fail ${serial}`;
  standin.arm({ call, code, message, sites: false });
  const result = await told(run(Dreamer, { again: every || serial % AGAIN === 0 }), code, message);
  standin.arm({ call: -1, code: 0, message: '', sites: false });
  const after = await settledHandles(baseline);
  const leaked = leaks(baseline, after);
  baseline = after;
  const wrong = [
    ...(result.failed === '' ? ['was not reached'] : []),
    ...(result.wrong === undefined ? [] : [result.wrong]),
    ...(Object.keys(leaked).length > 0 ? [`leaks ${JSON.stringify(leaked)}`] : []),
  ];
  for (const each of wrong) {
    faults.push({ scenario: name, call, code, function: result.failed, fault: each });
    process.stderr.write(`${name}, call ${call}, ${result.failed} with code ${code}: ${each}\n`);
  }
  return result;
}

/**
 * Each call of what opens the library, by opening it anew after each: what was registered before the one that failed is done for
 * good. An operation takes one call that may fail, a kernel two.
 */
async function walkOpening(run) {
  const walked = {};
  for (let call = 0; ; ) {
    const { failed } = await fail('opening', run, call, INTERNAL);
    if (!failed.startsWith('TF_Register') && !failed.startsWith('TF_KernelBuilder')) return walked;
    walked[failed] = (walked[failed] ?? 0) + 1;
    call = failed === 'TF_RegisterKernelBuilder' ? 2 : 1;
  }
}

const walkedWays = new Set();

/** The calls to let fail: of each way that no scenario before came by, the first. */
function chosen(sites) {
  if (every) return [...sites.keys()];
  return [...sites.keys()].filter((call) => {
    const fresh = !walkedWays.has(sites[call].way);
    walkedWays.add(sites[call].way);
    return fresh;
  });
}

async function walk(name) {
  const run = SCENARIOS[name];
  const began = performance.now();
  standin.arm({ call: -1, code: 0, message: '', sites: true });
  await run(Dreamer, {});
  const sites = standin.sites();
  const calls = chosen(sites);
  const recovered = {};
  const codes = {};
  for (const [index, call] of calls.entries()) {
    const result = await fail(name, run, call, index % 2 === 0 ? INTERNAL : EXHAUSTED);
    if (result.recovered) recovered[result.failed] = (recovered[result.failed] ?? 0) + 1;
    else codes[result.code] = (codes[result.code] ?? 0) + 1;
  }
  return {
    name,
    calls: sites.length,
    walked: calls.length,
    recovered,
    told: codes,
    seconds: (performance.now() - began) / 1000,
  };
}

const opening = await walkOpening(SCENARIOS[names[0]]);
await SCENARIOS[names[0]](Dreamer, {});
const walks = [];
for (const name of names) walks.push(await walk(name));
if (faults.length > 0) process.exitCode = 1;
process.stdout.write(`${JSON.stringify({ opening, walks, ways: walkedWays.size, faults })}\n`);
