#include "dream/winograd.h"

#include <cstdint>
#include <string>

#include "dream/attributes.h"
#include "dream/kernel_rewrites.h"
#include "dream/plain_gradient.h"
#include "dream/rule_parts.h"
#include "kernels/operations.h"
#include "kernels/winograd.h"
#include "kernels/winograd_product.h"
#include "picture_shape.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// The sizes of a convolution that the kernel knows.
struct Sizes {
  Shape input;
  Shape filter;
  Shape output;
  PlainConvolution gradient;

  // Zeros in front of the input, by axis; `plainConvolution` tells the gradient's.
  std::int64_t before(std::size_t axis) const { return filter[axis] - 1 - gradient.padding[2 * axis]; }
};

// Whether its weight stays as it is from step to step, for which the kernel transforms it once.
bool hasResidentFilter(const Network& network, const NetworkNode& node) {
  const NetworkNode::Input& filter = node.inputs.at(1);
  return filter.output == 0 && network.nodes()[filter.node].weight >= 0;
}

bool isSuited(const Graph& graph, TF_Output x, TF_Output filter) {
  if (!kernels::hasFastProducts() || tensorflow::api().TF_OperationOutputType(x) != tensorflow::TF_FLOAT) return false;
  const auto taps = graph.shape(filter);
  if (!taps || taps->size() != kPictureRank || (*taps)[0] != (*taps)[1]) return false;
  const kernels::FilterShape shape{static_cast<std::size_t>((*taps)[0]), static_cast<std::size_t>((*taps)[2]),
                                   static_cast<std::size_t>((*taps)[3])};
  return kernels::isWinogradSize(shape.size) && kernels::isWorthWinograd(shape);
}

std::optional<Sizes> sizesOf(const Graph& graph, const Network& network, const NetworkNode& node, TF_Output x,
                             TF_Output filter, TF_Output output) {
  if (node.op != "Conv2D" || !hasResidentFilter(network, node) || !isSuited(graph, x, filter)) return std::nullopt;
  const auto from = graph.shape(x);
  const auto to = graph.shape(output);
  if (!from || !to || from->size() != kPictureRank || to->size() != kPictureRank) return std::nullopt;
  const Shape taps = graph.shape(filter).value();
  const auto gradient = plainConvolution(node, *from, taps, *to);
  if (!gradient || gradient->row_dilation != 1 || gradient->column_dilation != 1) return std::nullopt;
  return Sizes{*from, taps, *to, *gradient};
}

// One axis: how many inputs and outputs, and how many zeros in front of the inputs.
struct WinogradAxis {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t before = 0;
};

struct WinogradOperands {
  TF_Output x{};
  TF_Output filter{};
  std::vector<TF_Output> bias;  // at most one
  bool relu = false;
};

NodeBuilder& describe(NodeBuilder& builder, const WinogradAxis& rows, const WinogradAxis& columns) {
  return builder.integer("input_rows", rows.input)
      .integer("output_rows", rows.output)
      .integer("before_rows", rows.before)
      .integer("input_columns", columns.input)
      .integer("output_columns", columns.output)
      .integer("before_columns", columns.before);
}

// Of what is [batch, rows, columns, channels]; its shape has to be told.
TF_Output addKernel(Graph& graph, const WinogradOperands& of, const WinogradAxis& rows, const WinogradAxis& columns) {
  NodeBuilder builder(graph, kernels::kWinograd, graph.uniqueName(kernels::kWinograd));
  builder.input(of.x).input(of.filter).inputs(of.bias).boolean("relu", of.relu);
  const TF_Output y = describe(builder, rows, columns).finish();
  const Shape x = graph.shape(of.x).value();
  const Shape filter = graph.shape(of.filter).value();
  return NodeBuilder(graph, "EnsureShape", graph.uniqueName("EnsureShape"))
      .input(y)
      .shape("shape", {x[0], rows.output, columns.output, filter[3]})
      .finish();
}

bool isBias(const NetworkNode& node) {
  const auto format = attribute(node, "data_format");
  return node.op == "BiasAdd" && (format.empty() || isText(format, "NHWC"));
}

}  // namespace

WinogradConvolutions::WinogradConvolutions(const Network& network, const std::vector<std::size_t>& nodes,
                                           const std::vector<std::size_t>& read)
    : network_(&network) {
  for (const std::size_t node : nodes) {
    for (const auto& input : network.nodes()[node].inputs) ++users_[input.node];
  }
  for (const std::size_t node : read) ++users_[node];
}

// What its first input comes from, if nothing else takes that.
const NetworkNode* WinogradConvolutions::before(const NetworkNode& node) const {
  const NetworkNode::Input& from = node.inputs.at(0);
  return from.output == 0 && users_.at(from.node) == 1 ? &network_->nodes()[from.node] : nullptr;
}

std::optional<TF_Output> WinogradConvolutions::add(Graph& graph, const NetworkNode& node, const InputsOf& inputs_of,
                                                   const std::vector<TF_Output>& inputs, TF_Output output) const {
  const auto inputsBefore = [&](const NetworkNode& after) { return inputs_of.at(after.inputs.at(0).node); };
  const NetworkNode* convolution = &node;
  std::vector<TF_Output> taken = inputs;
  const bool relu = node.op == "Relu";
  if (relu) {
    convolution = before(node);
    if (convolution == nullptr || convolution->inputs.empty()) return std::nullopt;
    taken = inputsBefore(node);
  }
  std::vector<TF_Output> bias;
  if (isBias(*convolution)) {
    bias.push_back(taken[1]);
    const NetworkNode& adds = *convolution;
    convolution = before(adds);
    if (convolution == nullptr || convolution->inputs.empty()) return std::nullopt;
    taken = inputsBefore(adds);
  }
  if (convolution->op != "Conv2D") return std::nullopt;
  const auto sizes = sizesOf(graph, *network_, *convolution, taken.at(0), taken.at(1), output);
  if (!sizes) return std::nullopt;
  return addKernel(graph, {taken[0], taken[1], bias, relu}, {sizes->input[1], sizes->output[1], sizes->before(0)},
                   {sizes->input[2], sizes->output[2], sizes->before(1)});
}

std::optional<TF_Output> addWinogradGradient(const NodeGradient& of) {
  const auto sizes = sizesOf(of.graph, of.network, of.node, of.inputs.at(0), of.inputs.at(1), of.gradient());
  if (!sizes) return std::nullopt;
  NodeBuilder builder(of.graph, kernels::kWinogradGradient, of.graph.uniqueName(kernels::kWinogradGradient));
  builder.input(of.gradient()).input(of.inputs[1]).input(of.inputs[0]);
  builder.boolean("masked", isRelu(of.network, of.node, 0));
  return describe(builder, {sizes->output[1], sizes->input[1], sizes->gradient.padding[0]},
                  {sizes->output[2], sizes->input[2], sizes->gradient.padding[2]})
      .finish();
}

}  // namespace livedream
