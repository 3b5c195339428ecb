/** RGB, interleaved. */
export function drawStreet(width: number, height: number, seed: number): Uint8Array;
