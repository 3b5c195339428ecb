// Dreams small, then larger than the address space that is left, then small again; prints what became of each, as JSON.
// node out-of-memory.mjs API XLA
// TensorFlow's convolutions for processors crash where there is no memory, as they do not look; so the network is a Tanh.
// Its allocator waits for memory that others may free, ten seconds for each attempt: the half minute that this takes is no work.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';

const [api, xla] = process.argv.slice(2);
const { Dreamer } = await import(api);
/** Enough to compile in: LLVM ends the process where it gets none. */
const ROOM = 2000 * 2 ** 20;
/** A tensor of so large a picture takes 768 MiB, and a step has several. */
const LARGE = 8192;
const OPTIONS = { octaves: 1, iterations: 2, tileSize: LARGE };

function network(folder) {
  const graph = new GraphDef();
  const T = attribute.type(1);
  const input = graph.placeholder('input');
  graph.node('Tanh', 'out', [graph.node('Mul', 'twice', [input, input], { T })], { T });
  const file = path.join(folder, 'tanh.pb');
  writeFileSync(file, graph.bytes());
  return file;
}

const folder = mkdtempSync(path.join(tmpdir(), 'livedream-test-'));
const dreamer = await Dreamer.load({
  model: { graph: network(folder), defaultLayer: 'out', preprocessing: { mean: 0, scale: 1 / 255 } },
  ...{ device: 'cpu', xla: xla === 'true', memoryLimit: Number.MAX_SAFE_INTEGER },
});
async function dream(side) {
  const data = new Uint8Array(side * side * 3).fill(90);
  try {
    const { width } = await dreamer.dream({ data, width: side, height: side, channels: 3 }, OPTIONS);
    return { width };
  } catch ({ code, message, cause }) {
    return { code, message, cause: cause?.message };
  }
}
const SIDES = [LARGE, 96, 64];
const answers = [await dream(64)];
const kilobytes = Number(/VmSize:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
execFileSync('prlimit', ['--pid', String(process.pid), `--as=${kilobytes * 1024 + ROOM}:`]);
for (const side of SIDES) answers.push(await dream(side));
console.log(JSON.stringify(answers));
await dreamer.dispose();
rmSync(folder, { recursive: true });
