/** RGB, interleaved. */
export function drawPortrait(width: number, height: number, seed: number): Uint8Array;
