/** RGB, interleaved. */
export function drawLandscape(width: number, height: number, seed: number): Uint8Array;
