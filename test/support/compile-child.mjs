// Dreams with XLA in a process of its own, by the built package as users do, and prints what was compiled and the SHA-256 of
// the result: node compile-child.mjs REQUEST, with JSON of { graph, layer, size, load, options }
import { createHash } from 'node:crypto';
import { Dreamer } from '../../dist/esm/index.js';

const { graph, layer, size, load, options } = JSON.parse(process.argv[2]);
const dreamer = await Dreamer.load({ model: { graph, defaultLayer: layer }, device: 'cpu', xla: true, ...load });
const [width, height] = size;
const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => ((i * 2654435761) >>> 8) % 256);
const dream = await dreamer.dream({ data, width, height, channels: 3 }, { iterations: 2, seed: 3, ...options });
const { compilations, compilationsFromCache, compile, steps, programsBuilt } = dream.timings;
const sha256 = createHash('sha256').update(dream.data).digest('hex');
console.log(JSON.stringify({ compilations, compilationsFromCache, compile, steps, programsBuilt, sha256 }));
await dreamer.dispose();
