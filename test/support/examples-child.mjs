// Runs examples one after the other in one process, and tells the test of each. Their folder is the working folder's package.
import { Dreamer } from 'livedream';

const { names, farm: onFarm } = JSON.parse(process.argv[2] ?? '');
globalThis.dreamer = await Dreamer.load();
let worker;
if (onFarm) {
  const { Farm, workOnFarm } = await import('livedream/farm');
  worker = await workOnFarm(dreamer, { store: 'dreams' });
  globalThis.farm = await Farm.open({ store: 'dreams' });
} else {
  // What examples read, as they would have written it.
  for (const [file, filter] of [
    ['dream.jpg', 'owl'],
    ['other.jpg', 'eyes'],
  ])
    await (await dreamer.dream('photo.jpg', { filter, octaves: 2, iterations: 2 })).toFile(file);
}
for (const name of names) {
  process.send({ name, state: 'begins' });
  const error = await import(`./${name}.js`).then(
    () => undefined,
    (thrown) => String(thrown?.stack ?? thrown),
  );
  process.send({ name, state: 'ended', error, open: process.getActiveResourcesInfo() });
}
await globalThis.farm?.close();
await worker?.close();
await dreamer.dispose();
process.disconnect();
