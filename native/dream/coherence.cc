#include "dream/coherence.h"

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dream/warped.h"
#include "flow/brightness_pyramid.h"
#include "kernels/local_mean.h"
#include "kernels/operations.h"
#include "kernels/settle.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::TF_Output;

namespace {

constexpr float kWhite = 255;

// Up to the picture's size; of an odd side the last pixel is left out again.
TF_Output enlarged(Graph& graph, const Octave& size, const TrackingSize& from, TF_Output tracking) {
  if (from.scale == 1) return tracking;
  const std::vector<std::int32_t> sides{static_cast<std::int32_t>(from.rows * from.scale),
                                        static_cast<std::int32_t>(from.columns * from.scale)};
  const TF_Output larger = NodeBuilder(graph, "ResizeBilinear", graph.uniqueName("ResizeBilinear"))
                               .input(tracking)
                               .input(graph.constant(sides))
                               .boolean("half_pixel_centers", true)
                               .finish();
  return graph.slice(larger, {0, 0, 0, 0},
                     {-1, static_cast<std::int32_t>(size.height), static_cast<std::int32_t>(size.width), -1});
}

TF_Output matrix(Graph& graph, const std::vector<float>& values, std::size_t rows, std::size_t columns) {
  const tensorflow::Shape shape{static_cast<std::int64_t>(rows), static_cast<std::int64_t>(columns)};
  return graph.constant(tensorflow::makeTensor(values, shape).get());
}

TF_Output product(Graph& graph, TF_Output a, TF_Output b) {
  return NodeBuilder(graph, "MatMul", graph.uniqueName("MatMul")).input(a).input(b).finish();
}

// The local mean around each pixel of [1, height, width, channels]: as kernels::localMeans() and betweenCells().
TF_Output localMean(Graph& graph, const Octave& size, TF_Output x, std::int64_t channels) {
  const kernels::Cells rows(static_cast<std::size_t>(size.height));
  const kernels::Cells columns(static_cast<std::size_t>(size.width));
  const auto down = static_cast<std::int64_t>(rows.count);
  // By rows, then by columns, which lie first for that; and back.
  const auto turned = [&](TF_Output each, std::int64_t first, std::int64_t second) {
    const TF_Output whole = graph.reshape(each, {first, second, channels});
    return graph.reshape(graph.transpose(whole, {1, 0, 2}), {second, first * channels});
  };
  x = graph.reshape(x, {size.height, size.width * channels});
  x = product(graph, matrix(graph, kernels::meanMatrix(rows), rows.count, rows.side), x);
  x = turned(x, down, size.width);
  x = product(graph, matrix(graph, kernels::meanMatrix(columns), columns.count, columns.side), x);
  x = product(graph, matrix(graph, kernels::spreadMatrix(columns), columns.side, columns.count), x);
  x = turned(x, size.width, down);
  x = product(graph, matrix(graph, kernels::spreadMatrix(rows), rows.side, rows.count), x);
  return graph.reshape(x, {1, size.height, size.width, channels});
}

TF_Output meanOfPixels(Graph& graph, TF_Output x) {
  return graph.binary("Mean", x, graph.constant(std::vector<std::int32_t>{0, 1, 2}));
}

}  // namespace

TrackingSize trackingSize(const Octave& size) {
  const flow::LargestLevel level =
      flow::largestLevel(static_cast<std::size_t>(size.height), static_cast<std::size_t>(size.width));
  return {static_cast<std::int64_t>(level.scale), static_cast<std::int64_t>(level.height),
          static_cast<std::int64_t>(level.width)};
}

Carried addCarry(Graph& graph, const Octave& size, const TrackingSize& tracking_size, TF_Output picture,
                 TF_Output change, TF_Output tracking, bool by_kernel) {
  if (by_kernel) {
    const TF_Output start = NodeBuilder(graph, kernels::kCarry, graph.uniqueName(kernels::kCarry))
                                .input(picture)
                                .input(change)
                                .input(tracking)
                                .integer("scale", tracking_size.scale)
                                .finish();
    return {start, {start.oper, 1}};
  }
  const TF_Output all = enlarged(graph, size, tracking_size, tracking);
  const TF_Output motion = graph.binary("Mul", graph.slice(all, {0, 0, 0, 0}, {-1, -1, -1, 2}),
                                        graph.constant(static_cast<float>(tracking_size.scale)));
  const TF_Output confidence = graph.slice(all, {0, 0, 0, 2}, {-1, -1, -1, 1});
  const TF_Output moved = graph.binary("Mul", addWarp(graph, size, change, motion), confidence);
  return {graph.binary("AddV2", picture, moved), moved};
}

Settled addSettle(Graph& graph, const Octave& size, const SettleInputs& inputs, bool by_kernel) {
  if (by_kernel) {
    const TF_Output result = NodeBuilder(graph, kernels::kSettle, graph.uniqueName(kernels::kSettle))
                                 .input(inputs.picture)
                                 .input(inputs.change)
                                 .input(inputs.start)
                                 .input(inputs.dreamed)
                                 .input(inputs.blend)
                                 .input(inputs.most)
                                 .input(inputs.mean)
                                 .input(inputs.held)
                                 .input(inputs.usual)
                                 .finish();
    return {result, {result.oper, 1}, {result.oper, 2}};
  }
  const TF_Output one = graph.constant(1.0F);
  const TF_Output colours = graph.constant(std::vector<std::int32_t>{3});
  const TF_Output magnitude =
      graph.reshape(graph.binary("Mean", graph.unary("Abs", inputs.change), colours), {1, size.height, size.width, 1});
  const TF_Output local = localMean(graph, size, magnitude, 1);
  const TF_Output coarse =
      graph.binary("Mul", localMean(graph, size, inputs.change, 3), graph.constant(kernels::kCoarseLoss));
  const TF_Output carried = graph.binary("Sub", inputs.change, coarse);
  const TF_Output grown = graph.binary("Minimum", one, graph.binary("RealDiv", local, inputs.usual));
  const TF_Output stays = graph.binary("Mul", inputs.blend, grown);
  const TF_Output fresh =
      graph.binary("Mul", graph.binary("Sub", inputs.dreamed, inputs.start), graph.binary("Sub", one, stays));
  const TF_Output most = graph.binary("Mul", inputs.most, graph.constant(kernels::kMostLocally));
  const TF_Output kept =
      graph.binary("Minimum", one, graph.binary("RealDiv", most, graph.binary("Maximum", local, most)));
  TF_Output change = graph.binary("AddV2", graph.binary("Mul", carried, kept), fresh);
  const TF_Output strength = graph.reduce("Mean", graph.unary("Abs", change), 4);
  const TF_Output allowed = graph.binary("RealDiv", inputs.most, graph.binary("Maximum", strength, inputs.most));
  change = graph.binary("Mul", change, allowed);
  const TF_Output off = graph.binary("Sub", meanOfPixels(graph, change), inputs.mean);
  change = graph.binary("Sub", change, graph.binary("Mul", off, inputs.held));
  TF_Output result = graph.binary("AddV2", inputs.picture, change);
  result = graph.binary("Minimum", graph.binary("Maximum", result, graph.constant(0.0F)), graph.constant(kWhite));
  // What was clipped is not carried on, or it would pile up beyond black and white.
  change = graph.binary("Sub", result, inputs.picture);
  const TF_Output reached = graph.reshape(graph.reduce("Mean", graph.unary("Abs", change), 4), {1});
  return {result, change, graph.concatenate({reached, meanOfPixels(graph, change)}, 0)};
}

}  // namespace livedream
