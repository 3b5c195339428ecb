import { Dreamer } from '../../lib/dreamer.js';
import type { PictureInput } from '../../lib/image/source.js';
import type { LoadOptions } from '../../lib/load-options.js';
import { TEST_DEVICE } from './device.js';
import { smallModel } from './models.js';
import { madePicture } from './pictures.js';

/** On a GPU, where XLA takes long for each of the many sizes of tests, only those use it that are about it. */
const KERNELS = TEST_DEVICE === 'cpu' ? {} : { xla: false };

/** A Dreamer with the small generated network. */
export async function smallDreamer(options: LoadOptions = {}): Promise<Dreamer> {
  const { file } = smallModel();
  return Dreamer.load({ model: { graph: file, defaultLayer: 'mixed3b' }, device: TEST_DEVICE, ...KERNELS, ...options });
}

/** A picture as raw bytes. */
export function rawPicture(width: number, height: number): PictureInput {
  return { data: Uint8Array.from(madePicture(width, height)), width, height, channels: 3 };
}
