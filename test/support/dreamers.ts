import { Dreamer } from '../../lib/dreamer.js';
import type { PictureInput } from '../../lib/image/source.js';
import type { LoadOptions } from '../../lib/load-options.js';
import { smallModel } from './models.js';
import { madePicture } from './pictures.js';

/** A Dreamer with the small generated network, on the CPU. */
export async function smallDreamer(options: LoadOptions = {}): Promise<Dreamer> {
  const { file } = smallModel();
  return Dreamer.load({ model: { graph: file, defaultLayer: 'mixed3b' }, device: 'cpu', ...options });
}

/** A picture as raw bytes. */
export function rawPicture(width: number, height: number): PictureInput {
  return { data: Uint8Array.from(madePicture(width, height)), width, height, channels: 3 };
}
