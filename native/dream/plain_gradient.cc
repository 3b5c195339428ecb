#include "dream/plain_gradient.h"

#include <algorithm>
#include <cstddef>

#include "dream/attributes.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

std::optional<PlainConvolution> plainConvolution(const NetworkNode& node, const Shape& input, const Shape& filter,
                                                 const Shape& output) {
  const auto format = attribute(node, "data_format");
  const auto padding = attribute(node, "padding");
  const bool nhwc = format.empty() || isText(format, "NHWC");
  // Of another number of channels than the filter's: in groups.
  if (node.op != "Conv2D" || !nhwc || !allOnes(attribute(node, "strides")) || input[3] != filter[2]) {
    return std::nullopt;
  }
  const auto dilations = integersOf(attribute(node, "dilations"));
  const auto by_hand = integersOf(attribute(node, "explicit_paddings"));
  PlainConvolution found{dilations.empty() ? 1 : dilations.at(1), dilations.empty() ? 1 : dilations.at(2), {}};
  for (const std::size_t axis : {std::size_t{1}, std::size_t{2}}) {
    const std::int64_t reach = (filter[axis - 1] - 1) * (axis == 1 ? found.row_dilation : found.column_dilation);
    std::int64_t before = isText(padding, "SAME") ? reach / 2 : 0;
    if (isText(padding, "EXPLICIT")) before = by_hand.at(2 * axis);
    const std::int64_t after = output[axis] - 1 + reach - input[axis] + 1 - before;
    // More zeros than the filter reaches: outputs that see nothing else, which a convolution cannot leave out.
    if (before > reach || after > reach) return std::nullopt;
    found.padding[2 * (axis - 1)] = reach - before;
    found.padding[2 * (axis - 1) + 1] = reach - after;
  }
  return found;
}

TF_Output addPlainGradient(Graph& graph, const PlainConvolution& convolution, TF_Output filter, TF_Output gradient) {
  const auto& p = convolution.padding;
  return NodeBuilder(graph, "Conv2D", graph.uniqueName("Conv2D"))
      .input(gradient)
      .input(graph.transpose(graph.reverse(filter, {0, 1}), {0, 1, 3, 2}))
      .integers("strides", {1, 1, 1, 1})
      .integers("dilations", {1, convolution.row_dilation, convolution.column_dilation, 1})
      .text("padding", "EXPLICIT")
      .integers("explicit_paddings", {0, 0, p[0], p[1], p[2], p[3], 0, 0})
      .finish();
}

}  // namespace livedream
