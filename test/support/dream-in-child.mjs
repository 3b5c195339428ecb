// Dreams in a process of its own and prints the SHA-256 of the result: node dream-in-child.mjs REQUEST.json
// Not TypeScript, and the bare addon: a child of a test has no compiler.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const {
  addon: file,
  framework,
  library,
  verbose,
  spec,
  plan,
  picture,
} = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const addon = createRequire(import.meta.url)(file);
await addon.openLibrary(framework, library, verbose);
const engine = new addon.Engine({
  device: 'CPU:0',
  programCacheBytes: 2 ** 29,
  queueLimit: 1,
  threads: 0,
  precision: 'float32',
});
await engine.load(await addon.importModel({ ...spec, graph: readFileSync(spec.graph) }, new addon.Cancellation()));
const bytes = readFileSync(picture);
const floats = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
const { data } = await engine.dream({ ...plan, seed: BigInt(plan.seed) }, floats, new addon.Cancellation());
console.log(
  createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex'),
);
await engine.dispose();
