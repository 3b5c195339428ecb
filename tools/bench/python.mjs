// The Python side of benchmarks.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { median } from './engine.mjs';
import { root } from './models.mjs';

/** A script of tools/reference that times `steps` steps for every line it gets; `stepTime()` is their median, in milliseconds. */
export function startPython(script, { file, spec, objective }, { width, height, steps }) {
  const python = path.join(root, '.cache/reference-python/bin/python');
  if (!existsSync(python)) {
    console.error('The Python reference is not set up: node tools/reference/setup.mjs');
    process.exit(1);
  }
  const channels = objective.kind === 'layer' ? null : objective.channels;
  const request = { model: file, ...spec, layer: objective.layer, channels, width, height, steps, step: 1.5 };
  const child = spawn(python, [path.join(root, 'tools/reference', script), JSON.stringify(request)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    stepTime: async () => {
      child.stdin.write('go\n');
      const { value } = await lines.next();
      if (value === undefined) throw new Error(`tools/reference/${script} ended; run it by itself to see why`);
      return median(JSON.parse(value));
    },
    stop: () => child.stdin.end(),
  };
}
