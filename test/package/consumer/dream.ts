// A user's program in TypeScript: compiled as ESM and as CommonJS, for Node's resolution and a bundler's.
import { createHash } from 'node:crypto';
import { type Dream, Dreamer, type DreamOptions, LiveDreamError, type RawPicture } from 'livedream';
import { livedream, type ServiceOptions } from 'livedream/fastify';

const options: DreamOptions = { octaves: 1, iterations: 2, seed: 7, onProgress: ({ fraction }) => fraction.toFixed(1) };

async function dreamOf(picture: RawPicture): Promise<Dream> {
  const dreamer: Dreamer = await Dreamer.load({ device: 'cpu', xla: false });
  try {
    return await dreamer.dream(picture, options);
  } finally {
    await dreamer.dispose();
  }
}

/** As far as types go: a service of one's own with the routes of livedream's. */
export const plugin: (service: ServiceOptions) => Promise<unknown> = async (service) => [livedream, service.dreamer];

async function main(): Promise<void> {
  const data = Uint8Array.from({ length: 64 * 48 * 3 }, (_, index) => (index * 37) % 251);
  try {
    const dream = await dreamOf({ data, width: 64, height: 48, channels: 3 });
    const pixels: Uint8Array | Float32Array = dream.data;
    console.log(createHash('sha256').update(pixels).digest('hex'));
  } catch (error) {
    if (error instanceof LiveDreamError) console.error(error.code);
    throw error;
  }
}
void main();
