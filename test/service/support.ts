import fastify, { type FastifyInstance } from 'fastify';
import sharp from 'sharp';
import type { Dreamer } from '../../lib/dreamer.js';
import { type LocalServiceOptions, livedream } from '../../lib/service/plugin.js';
import { madePicture } from '../support/pictures.js';

/** A picture as clients send it. */
export function png(width = 64, height = 64): Promise<Buffer> {
  const data = Buffer.from(Uint8Array.from(madePicture(width, height)));
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A service of somebody's own with the plugin in it; `lines` gets what it logs. */
export async function serviceOf(
  dreamer: Dreamer,
  options: Omit<LocalServiceOptions, 'dreamer'> = {},
  lines: string[] = [],
): Promise<FastifyInstance> {
  const app = fastify({ logger: { level: 'debug', stream: { write: (line: string) => void lines.push(line) } } });
  await app.register(livedream, { dreamer, ...options });
  return app;
}
