import { expect, test } from 'vitest';
import { smallDreamer } from '../support/dreamers.js';

test('all layers at once are what each is by itself, and an abort ends the looking', async () => {
  const dreamer = await smallDreamer();
  const all = await dreamer.allLayers();
  expect(all.map(({ name }) => name)).toEqual(dreamer.layers().map(({ name }) => name));
  for (const layer of all) expect(await dreamer.layer(layer.name)).toEqual(layer);
  const reason = new Error('enough');
  await expect(dreamer.allLayers({ signal: AbortSignal.abort(reason) })).rejects.toMatchObject({
    code: 'ERR_LIVEDREAM_ABORTED',
    name: 'AbortError',
    cause: reason,
  });
  await dreamer.dispose();
  await expect(dreamer.allLayers()).rejects.toMatchObject({ code: 'ERR_LIVEDREAM_DISPOSED' });
});
