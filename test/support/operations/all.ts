import { activations } from './activations.js';
import { arithmetic } from './arithmetic.js';
import { arrays } from './arrays.js';
import { blocks } from './blocks.js';
import { layers } from './layers.js';
import { passes } from './passes.js';
import { reductions } from './reductions.js';
import type { Operation, Operations } from './scene.js';

const operationsOf = (operations: Operations): [string, Operation][] =>
  Object.entries(operations).map(([name, each]) => [name, typeof each === 'function' ? { build: each } : each]);

/** Every operation that a model may run and a picture can flow through, by name. */
export const OPERATIONS = operationsOf({
  ...activations,
  ...arithmetic,
  ...arrays,
  ...blocks,
  ...layers,
  ...passes,
  ...reductions,
});
