import type { Call, Request } from './request.js';
import type { ResidentModel } from './resident-model.js';
import type { Size } from './size.js';

/** Floating-point operations of a whole dream: of every tile in every step, as they are computed, what overlaps twice. */
export async function operationsOf(
  { plan, layer }: Request,
  { ticket }: Call,
  model: ResidentModel,
  picture: Size,
): Promise<number> {
  const { octaves, iterations } = plan(picture);
  let operations = 0;
  for (const [octave, { rows, columns, tileWidth, tileHeight }] of octaves.entries()) {
    const tile = await ticket.hear(model.operations(layer.name, { width: tileWidth, height: tileHeight }));
    operations += (iterations[octave] as number) * rows * columns * tile;
  }
  return operations;
}
