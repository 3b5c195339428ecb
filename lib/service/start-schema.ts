import { objectSchema as object, type Schema } from '../options/json-schema.js';
import { START_LIMITS } from '../picture-input.js';

const { side, noises, colour, contrast } = START_LIMITS;
const SIDE = { type: 'integer', minimum: 1, maximum: side } as const;
const SIZE = { width: SIDE, height: SIDE } as const;

/** What a dream may begin with in the place of a picture; the service's limit of pixels holds for it too. */
export function startSchema(seed: Schema): Schema {
  const noise = {
    noise: { type: 'string', enum: noises },
    ...SIZE,
    seed,
    contrast: { type: 'number', exclusiveMinimum: 0, maximum: contrast.most, default: contrast.default },
  };
  return {
    oneOf: [
      object(noise, ['noise', 'width', 'height']),
      object({ colour: { type: 'string', pattern: colour }, ...SIZE }, ['colour', 'width', 'height']),
    ],
    description: "Noise or one colour to begin with, in the place of 'image': docs/steering.md.",
    examples: [{ noise: 'pink', width: 96, height: 96, seed: 7 }],
  };
}
