#include "dream/kernel_rewrites.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "dream/attributes.h"
#include "dream/pool_geometry.h"
#include "dream/response.h"
#include "dream/rule_parts.h"
#include "kernels/local_response.h"
#include "kernels/max_pool.h"
#include "kernels/operations.h"
#include "picture_shape.h"
#include "tensorflow/operation_names.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// Kernels take float32 and bfloat16.
bool isKnownType(TF_Output x) {
  const auto type = tensorflow::api().TF_OperationOutputType(x);
  return type == tensorflow::TF_FLOAT || type == tensorflow::TF_BFLOAT16;
}

NodeBuilder& describe(NodeBuilder& builder, const Response& response) {
  return builder.integer("depth_radius", response.radius)
      .number("bias", response.bias)
      .number("alpha", response.alpha)
      .number("beta", response.beta);
}

// What our kernels know of pools: choices are bytes, and every window has a value of the input in it. Both directions
// are described alike, as forward the gradient's needs are known too.
std::optional<PoolWindows> kernelWindows(const NetworkNode& node, const Shape& x) {
  if (isText(attribute(node, "padding"), "EXPLICIT")) return std::nullopt;
  const auto windows = poolWindows(node, x);
  return windows && windows->taps() < kernels::kNoChoice ? windows : std::nullopt;
}

NodeBuilder& describe(NodeBuilder& builder, const PoolWindows& windows) {
  const auto& [rows, columns] = windows;
  return builder.integer("input_rows", rows.size)
      .integer("input_columns", columns.size)
      .integer("output_rows", rows.outputs)
      .integer("output_columns", columns.outputs)
      .integer("window_rows", rows.kernel)
      .integer("window_columns", columns.kernel)
      .integer("stride_rows", rows.stride)
      .integer("stride_columns", columns.stride)
      .integer("before_rows", rows.before)
      .integer("before_columns", columns.before);
}

TF_Output addMaskedSum(const NodeGradient& of, const std::vector<TF_Output>& parts, TF_Output activation,
                       std::int64_t offset, bool masked) {
  return NodeBuilder(of.graph, kernels::kMaskedSum, of.graph.uniqueName(kernels::kMaskedSum))
      .inputs(parts)
      .input(activation)
      .integer("offset", offset)
      .boolean("masked", masked)
      .finish();
}

// Whether one of our kernels gave it by this very output, and not by what an Identity, say, makes of it: then it has
// laid on this Relu's mask. The activation is each one's last input.
bool isMasked(const NodeGradient& of, TF_Output gradient) {
  const std::string_view operation = tensorflow::ownName(tensorflow::api().TF_OperationOpType(gradient.oper));
  if (operation != kernels::kMaskedSum && operation != kernels::kResponseGradient &&
      operation != kernels::kMaxPoolGradient && operation != kernels::kWinogradGradient) {
    return false;
  }
  const int last = tensorflow::api().TF_OperationNumInputs(gradient.oper) - 1;
  const TF_Output activation = tensorflow::api().TF_OperationInput({gradient.oper, last});
  return activation.oper == of.output.oper && activation.index == of.output.index;
}

Gradients ofRelu(const NodeGradient& of, const std::vector<TF_Output>& arrived) {
  if (std::all_of(arrived.begin(), arrived.end(), [&](TF_Output each) { return isMasked(of, each); })) {
    return {arrived.size() == 1 ? arrived.front() : of.graph.sum(arrived)};
  }
  return {addMaskedSum(of, arrived, of.output, 0, true)};
}

// The inputs of a concatenation that are its parts, and where the channels of each begin; empty where it is along
// another axis.
struct ChannelPart {
  std::size_t input;
  std::int64_t offset;
};

std::vector<ChannelPart> channelParts(const NodeGradient& of) {
  const bool axis_first = of.node.op == "Concat";
  const Shape whole = shapeOf(of, of.output);
  std::vector<ChannelPart> parts;
  std::int64_t offset = 0;
  for (std::size_t input = axis_first ? 1 : 0; input < of.inputs.size() - (axis_first ? 0 : 1); ++input) {
    const Shape shape = shapeOf(of, of.inputs[input]);
    if (shape.size() != kPictureRank || !std::equal(shape.begin(), shape.end() - 1, whole.begin())) return {};
    parts.push_back({input, offset});
    offset += shape.back();
  }
  return parts;
}

}  // namespace

bool isRelu(const Network& network, const NetworkNode& node, std::size_t input) {
  const NetworkNode::Input& from = node.inputs[input];
  return from.output == 0 && network.nodes()[from.node].op == "Relu";
}

bool hasResponseKernel(const NetworkNode& node) {
  const Response response = responseOf(node);
  return kernels::LocalResponse::powerOf(response.beta) && response.bias > 0 && response.alpha >= 0 &&
         response.radius >= 0;
}

std::optional<TF_Output> addResponseKernel(const Graph& graph, const NetworkNode& node, TF_Output x,
                                           const std::string& name) {
  if (!hasResponseKernel(node) || !isKnownType(x)) return std::nullopt;
  NodeBuilder builder(graph, kernels::kResponse, name);
  builder.input(x);
  return describe(builder, responseOf(node)).finish();
}

std::optional<TF_Output> addResponseGradientKernel(const NodeGradient& of) {
  if (!hasResponseKernel(of.node) || !isKnownType(of.gradient())) return std::nullopt;
  NodeBuilder builder(of.graph, kernels::kResponseGradient, of.graph.uniqueName(kernels::kResponseGradient));
  builder.input(of.gradient()).input(of.inputs.at(0));
  return describe(builder, responseOf(of.node)).boolean("masked", isRelu(of.network, of.node, 0)).finish();
}

std::optional<TF_Output> addMaxPoolKernel(Graph& graph, const Network& network, const NetworkNode& node, TF_Output x) {
  const auto shape = graph.shape(x);
  const auto pool = shape && isKnownType(x) ? kernelWindows(node, *shape) : std::nullopt;
  if (!pool) return std::nullopt;
  NodeBuilder builder(graph, kernels::kMaxPool, graph.uniqueName(kernels::kMaxPool));
  builder.input(x).boolean("masked", isRelu(network, node, 0));
  const TF_Output y = describe(builder, *pool).finish(code::kModelUnreadable);
  return NodeBuilder(graph, "EnsureShape", node.name)
      .input(y)
      .shape("shape", {(*shape)[0], pool->rows.outputs, pool->columns.outputs, (*shape)[3]})
      .finish(code::kModelUnreadable);
}

std::optional<TF_Output> addMaxPoolGradientKernel(const NodeGradient& of) {
  const std::string ensures = tensorflow::api().TF_OperationOpType(of.output.oper);
  if (ensures != "EnsureShape") return std::nullopt;
  const TF_Output pooled = tensorflow::api().TF_OperationInput({of.output.oper, 0});
  const auto pool = kernelWindows(of.node, shapeOf(of, of.inputs.at(0)));
  NodeBuilder builder(of.graph, kernels::kMaxPoolGradient, of.graph.uniqueName(kernels::kMaxPoolGradient));
  builder.input(of.gradient()).input(outputOf(pooled, 1)).input(of.inputs[0]);
  builder.boolean("masked", isRelu(of.network, of.node, 0));
  return describe(builder, pool.value()).finish();
}

std::optional<Gradients> addMaskedGradients(const NodeGradient& of, const std::vector<TF_Output>& arrived) {
  if (arrived.empty() || !isKnownType(arrived.front())) return std::nullopt;
  if (of.node.op == "Relu") return ofRelu(of, arrived);
  if (of.node.op != "Concat" && of.node.op != "ConcatV2") return std::nullopt;
  const std::vector<ChannelPart> parts = channelParts(of);
  if (std::none_of(parts.begin(), parts.end(),
                   [&](const auto& part) { return isRelu(of.network, of.node, part.input); })) {
    return std::nullopt;
  }
  Gradients gradients(of.inputs.size());
  for (const auto& [input, offset] : parts) {
    if (of.needs(input))
      gradients[input] = addMaskedSum(of, arrived, of.inputs[input], offset, isRelu(of.network, of.node, input));
  }
  return gradients;
}

}  // namespace livedream
