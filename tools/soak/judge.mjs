// What a call may come to: its result, or an error with a code that is looked for. Anything else ends the soak.
import { ERROR_CODES, LiveDreamError } from '../../dist/esm/index.js';

/** What no user is ever to get. */
const NEVER = ['ERR_LIVEDREAM_INTERNAL', 'ERR_LIVEDREAM_TENSORFLOW'];

export class Unexpected extends Error {}

/** The code of an error of livedream, without its beginning; what is none of its errors is thrown. */
export function codeOf(error) {
  const { code } = Object(error);
  const known = error instanceof LiveDreamError || error instanceof TypeError || error instanceof RangeError;
  if (!known || !Object.hasOwn(ERROR_CODES, code) || NEVER.includes(code))
    throw new Unexpected(`an error that is none of livedream's: ${error?.stack ?? error}`, { cause: error });
  return code.replace('ERR_LIVEDREAM_', '');
}

export function expect(holds, what) {
  if (!holds) throw new Unexpected(what);
}

/**
 * Waits for a call's end.
 * @param {object} [expected]
 * @param {string[]} [expected.may] codes that it may reject with
 * @param {(code: string) => boolean} [expected.also] more of them, asked when it has rejected
 * @param {boolean} [expected.must] whether it must reject
 * @param {(result: any) => unknown} [expected.check] of what it resolves with
 * @param {(error: any) => unknown} [expected.checkError]
 * @returns 'done', or the code
 */
export async function endOf(call, { may = [], also = () => false, must = false, check, checkError } = {}) {
  let result;
  try {
    result = await call();
  } catch (error) {
    if (error instanceof Unexpected) throw error;
    const code = codeOf(error);
    if (!may.includes(code) && !also(code))
      throw new Unexpected(`${code} where it was not looked for: ${error.stack}`, { cause: error });
    checkError?.(error);
    return code;
  }
  expect(!must, `what must be refused by ${may.join(' or ')} was done`);
  await check?.(result);
  return 'done';
}
