#include "dream/strided_gradient.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "dream/attributes.h"
#include "dream/sizes.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr std::int64_t kFewChannels = 4;
constexpr std::int64_t kWideKernel = 3;

// One direction of it, height or width.
struct Direction {
  std::int64_t blocks;  // of `stride` pixels each, which cover the input
  std::int64_t taps;    // of the filter of stride 1
  std::int64_t front;   // zeros that align the filter's phases with the blocks
  std::int64_t tail;
  std::int64_t before;  // zeros around the gradient
  std::int64_t after;

  Direction(std::int64_t size, std::int64_t kernel, std::int64_t stride, bool same) noexcept {
    const std::int64_t outputs = same ? divideUp(size, stride) : divideUp(size - kernel + 1, stride);
    const std::int64_t padding = same ? std::max<std::int64_t>((outputs - 1) * stride + kernel - size, 0) / 2 : 0;
    const std::int64_t earlier = divideUp(padding, stride);
    blocks = divideUp(size, stride);
    front = stride * earlier - padding;
    taps = divideUp(front + kernel, stride);
    tail = stride * taps - kernel - front;
    before = taps - 1 - earlier;
    after = blocks - outputs + earlier;
  }
};

TF_Output pad(Graph& graph, TF_Output x, const std::vector<std::int32_t>& sizes) {
  const TF_Output paddings = graph.reshape(graph.constant(sizes), {static_cast<std::int64_t>(sizes.size() / 2), 2});
  return graph.binary("Pad", x, paddings);
}

// [kernel height, kernel width, colours, channels] -> [taps, taps, channels, stride * stride * colours]
TF_Output phases(Graph& graph, TF_Output filter, const Direction& rows, const Direction& columns, std::int64_t stride,
                 const Shape& shape) {
  TF_Output x = pad(graph, filter,
                    {narrow(rows.front), narrow(rows.tail), narrow(columns.front), narrow(columns.tail), 0, 0, 0, 0});
  x = graph.reshape(x, {rows.taps, stride, columns.taps, stride, shape[2], shape[3]});
  x = graph.transpose(graph.reverse(x, {0, 2}), {0, 2, 5, 1, 3, 4});
  return graph.reshape(x, {rows.taps, columns.taps, shape[3], stride * stride * shape[2]});
}

}  // namespace

std::optional<StridedConvolution> stridedConvolution(const Network& network, const NetworkNode& node) {
  if (node.op != "Conv2D") return std::nullopt;
  const int weight = network.nodes()[node.inputs.at(1).node].weight;
  if (weight < 0) return std::nullopt;
  const Shape filter = network.weightShapes()[static_cast<std::size_t>(weight)];
  const auto strides = integersOf(attribute(node, "strides"));
  const auto format = attribute(node, "data_format");
  const bool nhwc = format.empty() || isText(format, "NHWC");
  const bool same = isText(attribute(node, "padding"), "SAME");
  if (!nhwc || !(same || isText(attribute(node, "padding"), "VALID")) || !allOnes(attribute(node, "dilations")) ||
      strides.size() != filter.size() || strides[1] != strides[2] || strides[1] < 2) {
    return std::nullopt;
  }
  if (filter[2] > kFewChannels || std::min(filter[0], filter[1]) < kWideKernel) return std::nullopt;
  return StridedConvolution{strides[1], filter[0], filter[1], same};
}

TF_Output addStridedGradient(Graph& graph, const StridedConvolution& convolution, const Shape& input, TF_Output filter,
                             TF_Output gradient) {
  const std::int64_t stride = convolution.stride;
  const Direction rows(input[1], convolution.kernel_height, stride, convolution.same);
  const Direction columns(input[2], convolution.kernel_width, stride, convolution.same);
  const Shape shape = graph.shape(filter).value();
  const TF_Output taps = phases(graph, filter, rows, columns, stride, shape);
  // Not by Winograd's filtering, which rounds otherwise from place to place: the dream of a flat area would be flat no
  // more, and the ties of its max-pools would fall anyhow. TensorFlow's dream of such a picture ends 1 % away by
  // objective.
  const TF_Output blocks =
      NodeBuilder(graph, "Conv2D", graph.uniqueName("Conv2D"))
          .input(gradient)
          .input(taps)
          .integers("strides", {1, 1, 1, 1})
          .text("padding", "EXPLICIT")
          .integers("explicit_paddings", {0, 0, rows.before, rows.after, columns.before, columns.after, 0, 0})
          .finish();
  const TF_Output pixels = NodeBuilder(graph, "DepthToSpace", graph.uniqueName("DepthToSpace"))
                               .input(blocks)
                               .integer("block_size", stride)
                               .finish();
  if (rows.blocks * stride == input[1] && columns.blocks * stride == input[2]) return pixels;
  return graph.slice(pixels, {0, 0, 0, 0}, {-1, narrow(input[1]), narrow(input[2]), -1});
}

}  // namespace livedream
