// Errors say what was being computed, on which layer and where in the dream.
import { expect, test } from 'vitest';
import { fromNative } from '../../lib/binding/errors.js';
import { Dreamer } from '../../lib/dreamer.js';
import { attribute, GraphDef } from '../../tools/graphs/graph-def.mjs';
import { rawPicture } from '../support/dreamers.js';

const FLOAT = 1;

/** A dilation, for which XLA has no kernel and processors have. */
function dilated(): Buffer {
  const graph = new GraphDef();
  const input = graph.placeholder('input');
  const filter = graph.constant('filter', [2, 2, 3], new Float32Array(12).fill(0.5));
  graph.node('Dilation2D', 'dilated', [input, filter], {
    T: attribute.type(FLOAT),
    strides: attribute.integers([1, 1, 1, 1]),
    rates: attribute.integers([1, 1, 1, 1]),
    padding: attribute.text('SAME'),
  });
  return graph.bytes();
}

test('what XLA cannot compile names the layer, the size and the place, and says what to do', async () => {
  const dreamer = await Dreamer.load({ model: { graph: dilated() }, device: 'cpu', xla: true });
  const dream = dreamer.dream(rawPicture(64, 48), { layer: 'dilated', octaves: 2, iterations: 2 });
  await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_XLA_UNAVAILABLE', octave: 0, iteration: 0 });
  await expect(dream).rejects.toThrow(/computing a step of a picture of 45 x 34 pixels on 'dilated', compiled by XLA/);
  await expect(dream).rejects.toHaveProperty('cause.message', expect.stringMatching(/Dilation2D/));
  await dreamer.dispose();
  const ordinary = await Dreamer.load({ model: { graph: dilated() }, device: 'cpu', xla: false });
  await ordinary.dream(rawPicture(64, 48), { layer: 'dilated', octaves: 2, iterations: 2 });
  await ordinary.dispose();
});

test('a kernel that fails while a program runs is no fault of XLA', async () => {
  const graph = new GraphDef();
  const input = graph.placeholder('input');
  graph.node('CheckNumerics', 'checked', [input], { T: attribute.type(FLOAT), message: attribute.text('see here') });
  graph.node('Log', 'log', ['checked'], { T: attribute.type(FLOAT) });
  graph.node('CheckNumerics', 'out', ['log'], { T: attribute.type(FLOAT), message: attribute.text('a logarithm') });
  const model = { graph: graph.bytes(), preprocessing: { mean: 0 } };
  const dreamer = await Dreamer.load({ model, device: 'cpu', xla: false });
  const dream = dreamer.dream(
    { data: new Uint8Array(32 * 32 * 3), width: 32, height: 32, channels: 3 },
    { layer: 'out' },
  );
  await expect(dream).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_MODEL_UNREADABLE', iteration: 0 });
  await expect(dream).rejects.toThrow(/computing a step of a picture of \d+ x \d+ pixels on 'out'/);
  await dreamer.dispose();
});

test('a gradient that only oneDNN has, on a processor where that is off, says what turns it on', () => {
  for (const detail of [
    'Current CPU implementations do not yet support dilation rates larger than 1.',
    'Gradients for grouped convolutions are not supported on CPU. Please file a feature request.',
  ]) {
    const native = Object.assign(new Error('TensorFlow failed.'), { code: 'ERR_LIVEDREAM_TENSORFLOW', detail });
    const error = fromNative(native);
    expect(error.message).toMatch(/set TF_ENABLE_ONEDNN_OPTS=1 in the environment/);
    expect((error.cause as Error).message).toBe(detail);
  }
});
