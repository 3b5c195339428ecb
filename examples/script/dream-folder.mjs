// Dreams of every picture of a folder, whatever becomes of the others: README.md.
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { Dreamer } from 'livedream';

const [from, to, filter = 'van-gogh', size = '640'] = process.argv.slice(2);
if (from === undefined || to === undefined) {
  console.error('Usage: node dream-folder.mjs FROM TO [FILTER] [SIZE]');
  process.exit(2);
}
const pictures = (await readdir(from)).filter((name) => /\.(jpe?g|png|webp|avif|tiff?)$/i.test(name)).sort();
await mkdir(to, { recursive: true });
const dreamer = await Dreamer.load();
const files = pictures.map((name) => path.join(from, name));
for await (const { source, dream, error } of dreamer.dreamAll(files, { filter, size: Number(size) })) {
  if (error) console.error(`${source}: ${error.message}`);
  const place = path.join(to, `${path.parse(source).name}.webp`);
  if (dream) await dream.toFile(place).then(() => console.log(place));
}
await dreamer.dispose();
