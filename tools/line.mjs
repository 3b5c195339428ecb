/**
 * The straight line through points that misses them least in proportion, with what each has more or less than the line says,
 * as a part of that.
 * @param {[number, number][]} points
 */
export function relativeLine(points) {
  // Least squares of (y - offset - slope * x) / y.
  let [w, wx, wxx, wy, wxy] = [0, 0, 0, 0, 0];
  for (const [x, y] of points) {
    const weight = 1 / y ** 2;
    w += weight;
    wx += weight * x;
    wxx += weight * x * x;
    wy += weight * y;
    wxy += weight * x * y;
  }
  const slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
  const offset = (wy - slope * wx) / w;
  return { slope, offset, residuals: points.map(([x, y]) => y / (offset + slope * x) - 1) };
}
