// What becomes of a dream: bytes of every format, files, parameters read again, the dream made again.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { readParameters, recipeOf, replay } from '../../../dist/esm/index.js';
import { endOf, expect } from '../judge.mjs';

const FORMATS = ['png', 'jpeg', 'webp', 'tiff'];

export async function encode({ chance, home }) {
  const place = home.place('small');
  const each = chance.pick(place.cases.filter(({ options }) => options.depth !== 'float32'));
  const file = path.join(home.folder, `out-${chance.whole(0, 2 ** 30)}.png`);
  const end = await place.use(
    async (dreamer) => {
      const made = await dreamer.dream(each.raw, each.options);
      const bytes = await made.toBuffer(chance.pick(FORMATS));
      const parameters = await readParameters(bytes);
      expect(parameters.model === dreamer.model, 'parameters of another model');
      recipeOf(made);
      await made.toFile(file);
      if (parameters.objective === undefined && parameters.mask === undefined && chance.happens(0.5))
        each.check(await replay(dreamer, each.raw, parameters, { force: true }));
      await endOf(() => made.toFile(path.join(home.folder, 'no/folder.png')), {
        may: ['OUTPUT_UNWRITABLE'],
        must: true,
      });
      await endOf(() => made.toBuffer('bmp'), { may: ['OPTION_RANGE', 'OPTION_TYPE'], must: true });
    },
    { may: ['OUTPUT_UNWRITABLE'] },
  );
  rmSync(file, { force: true });
  return end;
}
