import type { PictureParameters } from '../dream.js';

/** Something of how a picture was made that is another in a second one. */
export interface ParameterDifference {
  /** Such as 'livedream', 'made.device', 'modelSha256'. */
  readonly name: string;
  /** As JSON has them; undefined where it is not there. */
  readonly was: unknown;
  readonly is: unknown;
}

const OPEN = ['made', 'source'];

/** Every fact by its name, with those of objects in them. */
function facts(parameters: object): Map<string, unknown> {
  const entries = Object.entries(parameters).flatMap(([name, value]: [string, unknown]) =>
    OPEN.includes(name) && typeof value === 'object' && value !== null
      ? Object.entries(value).map(([inner, each]) => [`${name}.${inner}`, each] as const)
      : [[name, value] as const],
  );
  return new Map(entries);
}

/**
 * What differs in how two pictures were made: of `readParameters` and `dream.pictureParameters()`. Where nothing does, and the
 * machine is the same, the pictures are too.
 * @example
 * ```ts
 * import { compareParameters, readParameters } from 'livedream';
 *
 * const [one, other] = await Promise.all(['dream.jpg', 'other.jpg'].map((each) => readParameters(each)));
 * if (one && other) for (const { name, was, is } of compareParameters(one, other)) console.log(name, was, is);
 * ```
 */
export function compareParameters(was: PictureParameters, is: PictureParameters): ParameterDifference[] {
  const [before, after] = [facts(was), facts(is)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .filter((name) => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name)))
    .map((name) => ({ name, was: before.get(name), is: after.get(name) }));
}
