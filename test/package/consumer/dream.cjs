const { createHash } = require('node:crypto');
const { Dreamer } = require('livedream');

async function main() {
  const dreamer = await Dreamer.load({ device: 'cpu', xla: false });
  const data = Uint8Array.from({ length: 64 * 48 * 3 }, (_, index) => (index * 37) % 251);
  const picture = { data, width: 64, height: 48, channels: 3 };
  const dream = await dreamer.dream(picture, { octaves: 1, iterations: 2, seed: 7 });
  await dreamer.dispose();
  console.log(createHash('sha256').update(dream.data).digest('hex'));
}
main();
