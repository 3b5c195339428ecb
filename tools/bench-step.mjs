// npm run bench: one gradient-ascent step of the engine and of TensorFlow Python's session, in turns in one run, so that the
// machine's moods hit both alike. Prints milliseconds and the ratio; needs the Python reference (tools/reference/setup.mjs).
// node tools/bench-step.mjs [--model inception5h|inception_v3|small] [--size 480x360] [--rounds 7] [--steps 12]
import { median, readRequest, startEngine, startPython } from './bench/sides.mjs';

const request = readRequest();
const python = startPython('bench_step.py', request);
const engine = await startEngine(request);
await python.round();
await engine.round({ xla: false });
const results = { python: [], engine: [] };
for (let round = 0; round < request.rounds; round += 1) {
  results.python.push(median(await python.round()));
  results.engine.push(median(await engine.round({ xla: false })));
  const [p, e] = [results.python.at(-1), results.engine.at(-1)];
  console.error(
    `round ${round + 1}: Python session ${p.toFixed(1)} ms, engine ${e.toFixed(1)} ms, ratio ${(e / p).toFixed(3)}`,
  );
}
const ratios = results.engine.map((time, round) => time / results.python[round]);
console.log(
  JSON.stringify({
    model: request.name,
    size: request.size,
    pythonSessionMs: Number(median(results.python).toFixed(2)),
    engineMs: Number(median(results.engine).toFixed(2)),
    medianRatio: Number(median(ratios).toFixed(3)),
  }),
);
python.stop();
await engine.stop();
