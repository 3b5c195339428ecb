/** Of the four pixels around a place: Catmull and Rom's spline, which keeps detail; as native/kernels/warp.h has it. */
export function splineWeights(t: number): [number, number, number, number] {
  return [
    0.5 * (-(t ** 3) + 2 * t ** 2 - t),
    0.5 * (3 * t ** 3 - 5 * t ** 2 + 2),
    0.5 * (-3 * t ** 3 + 4 * t ** 2 + t),
    0.5 * (t ** 3 - t ** 2),
  ];
}
