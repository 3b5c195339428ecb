#include "dream/warped.h"

#include <array>
#include <cstdint>
#include <vector>

#include "kernels/warp.h"
#include "picture_shape.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::TF_FLOAT;
using tensorflow::TF_INT32;
using tensorflow::TF_Output;

namespace {

constexpr std::int32_t kTaps = 4;

// Where pixels lie along one side: the pixel before each, and how far between that and the next.
struct Between {
  TF_Output before;
  TF_Output part;
};

Between between(Graph& graph, TF_Output at, std::int64_t side) {
  const TF_Output last = graph.constant(static_cast<float>(side - 1));
  const TF_Output clamped = graph.binary("Minimum", graph.binary("Maximum", at, graph.constant(0.0F)), last);
  const TF_Output before = graph.unary("Floor", clamped);
  return {before, graph.binary("Sub", clamped, before)};
}

// As kernels/warp.cc has them.
std::array<TF_Output, kTaps> splineWeights(Graph& graph, TF_Output t) {
  const TF_Output square = graph.unary("Square", t);
  const TF_Output cube = graph.binary("Mul", square, t);
  const auto polynomial = [&](float c3, float c2, float c1, float c0) {
    const auto times = [&](TF_Output x, float by) { return graph.binary("Mul", x, graph.constant(by)); };
    return graph.sum({times(cube, c3), times(square, c2), times(t, c1),
                      graph.binary("AddV2", graph.unary("ZerosLike", t), graph.constant(c0))});
  };
  constexpr float kSharp = kernels::kKeys;
  return {polynomial(kSharp, -2 * kSharp, kSharp, 0), polynomial(kSharp + 2, -kSharp - 3, 0, 1),
          polynomial(-kSharp - 2, 2 * kSharp + 3, -kSharp, 0), polynomial(-kSharp, kSharp, 0, 0)};
}

// The tap's row or column, kept inside. In floats, which are exact for sides: GPUs compute integers on the host.
TF_Output tap(Graph& graph, TF_Output before, std::int32_t offset, std::int64_t side) {
  const TF_Output at = graph.binary("AddV2", before, graph.constant(static_cast<float>(offset)));
  const TF_Output last = graph.constant(static_cast<float>(side - 1));
  return graph.binary("Minimum", graph.binary("Maximum", at, graph.constant(0.0F)), last);
}

// What the picture [height, width, 3] shows at these rows and columns.
TF_Output gather(Graph& graph, TF_Output picture, TF_Output rows, TF_Output columns) {
  const TF_Output places =
      NodeBuilder(graph, "Pack", graph.uniqueName("Pack")).inputs({rows, columns}).integer("axis", 2).finish();
  return NodeBuilder(graph, "GatherNd", graph.uniqueName("GatherNd"))
      .input(picture)
      .input(graph.cast(places, TF_INT32))
      .finish();
}

// Numbers from 0 on, [count, 1] or [1, count].
TF_Output range(Graph& graph, std::int64_t count, bool down) {
  std::vector<float> values(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  const tensorflow::Shape shape = down ? tensorflow::Shape{count, 1} : tensorflow::Shape{1, count};
  return graph.constant(tensorflow::makeTensor(values, shape).get());
}

}  // namespace

TF_Output addWarp(Graph& graph, const Octave& size, TF_Output picture, TF_Output motion) {
  const std::int64_t height = size.height;
  const std::int64_t width = size.width;
  const auto side = [&](std::int32_t which) {
    return graph.reshape(graph.slice(motion, {0, 0, 0, which}, {-1, -1, -1, 1}), {height, width});
  };
  // Both of [height, width], as a motion is.
  const Between x = between(graph, graph.binary("AddV2", side(0), range(graph, width, false)), width);
  const Between y = between(graph, graph.binary("AddV2", side(1), range(graph, height, true)), height);
  const auto across = splineWeights(graph, x.part);
  const auto down = splineWeights(graph, y.part);
  const TF_Output pixels = graph.reshape(picture, {height, width, kColours});
  std::vector<TF_Output> parts;
  for (std::int32_t row = 0; row < kTaps; ++row) {
    const TF_Output line = tap(graph, y.before, row - 1, height);
    for (std::int32_t column = 0; column < kTaps; ++column) {
      const TF_Output taken = gather(graph, pixels, line, tap(graph, x.before, column - 1, width));
      const TF_Output weight =
          graph.binary("Mul", across[static_cast<std::size_t>(column)], down[static_cast<std::size_t>(row)]);
      parts.push_back(graph.binary("Mul", taken, graph.reshape(weight, {height, width, 1})));
    }
  }
  return graph.reshape(graph.sum(parts), {1, height, width, kColours});
}

}  // namespace livedream
