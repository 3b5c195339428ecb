import { objectSchema, rangeSchema, type Schema } from './json-schema.js';
import { MASK_FEATHER } from './mask.js';

const LENGTH = { type: ['number', 'string'], maxLength: 20, description: "Pixels, or such as '25%'." } as const;

function lengths(...names: readonly string[]): Schema {
  return objectSchema(Object.fromEntries(names.map((name) => [name, LENGTH])), names);
}

/** A shape, the picture's own alpha, and where one may stand in it a picture; or how one that comes beside it is taken. */
export function maskSchema(picture?: Schema): Schema {
  return {
    ...objectSchema({
      ...(picture === undefined ? {} : { picture }),
      rectangle: lengths('left', 'top', 'width', 'height'),
      ellipse: lengths('x', 'y', 'radiusX', 'radiusY'),
      alpha: { const: true },
      channel: { enum: ['grey', 'alpha'] },
      feather: { type: 'number', ...rangeSchema(MASK_FEATHER) },
      invert: { type: 'boolean' },
    }),
    description: 'Where to dream and how strongly: docs/steering.md.',
  };
}
