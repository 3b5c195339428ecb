#include "dream/kernel_rewrites.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "dream/attributes.h"
#include "dream/rule_parts.h"
#include "kernels/local_response.h"
#include "kernels/operations.h"

namespace livedream {

using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr std::size_t kRank = 4;

// Kernels take float32 and bfloat16.
bool isKnownType(TF_Output x) {
  const auto type = tensorflow::api().TF_OperationOutputType(x);
  return type == tensorflow::TF_FLOAT || type == tensorflow::TF_BFLOAT16;
}

bool isRelu(const NodeGradient& of, std::size_t input) {
  const NetworkNode::Input& from = of.node.inputs[input];
  return from.output == 0 && of.network.nodes()[from.node].op == "Relu";
}

struct Response {
  std::int64_t radius;
  float bias;
  float alpha;
  float beta;

  explicit Response(const NetworkNode& node)
      : radius(integerOf(attribute(node, "depth_radius"), 5)),
        bias(floatOf(attribute(node, "bias"), 1)),
        alpha(floatOf(attribute(node, "alpha"), 1)),
        beta(floatOf(attribute(node, "beta"), 0.5F)) {}

  bool isKnown() const { return kernels::LocalResponse::powerOf(beta) && bias > 0 && alpha >= 0 && radius >= 0; }

  NodeBuilder& describe(NodeBuilder& builder) const {
    return builder.integer("depth_radius", radius).number("bias", bias).number("alpha", alpha).number("beta", beta);
  }
};

// One axis of a pool's padding, as TensorFlow's SAME and VALID have it.
struct Padding {
  std::int64_t before = 0;

  Padding(bool same, std::int64_t input, std::int64_t output, std::int64_t window, std::int64_t stride)
      : before(same ? std::max<std::int64_t>((output - 1) * stride + window - input, 0) / 2 : 0) {}
};

TF_Output addMaskedSum(const NodeGradient& of, const std::vector<TF_Output>& parts, TF_Output activation,
                       std::int64_t offset, bool masked) {
  return NodeBuilder(of.graph, kernels::kMaskedSum, of.graph.uniqueName(kernels::kMaskedSum))
      .inputs(parts)
      .input(activation)
      .integer("offset", offset)
      .boolean("masked", masked)
      .finish();
}

// What one of our kernels gave by the output of a Relu is masked already.
bool isMasked(TF_Output gradient) {
  const std::string operation = tensorflow::api().TF_OperationOpType(gradient.oper);
  return operation == kernels::kMaskedSum || operation == kernels::kResponseGradient ||
         operation == kernels::kMaxPoolGradient;
}

Gradients ofRelu(const NodeGradient& of, const std::vector<TF_Output>& arrived) {
  if (std::all_of(arrived.begin(), arrived.end(), isMasked)) {
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
    if (shape.size() != kRank || !std::equal(shape.begin(), shape.end() - 1, whole.begin())) return {};
    parts.push_back({input, offset});
    offset += shape.back();
  }
  return parts;
}

}  // namespace

std::optional<TF_Output> addResponseKernel(const tensorflow::Graph& graph, const NetworkNode& node, TF_Output x,
                                           const std::string& name) {
  const Response response(node);
  if (!response.isKnown() || !isKnownType(x)) return std::nullopt;
  NodeBuilder builder(graph, kernels::kResponse, name);
  builder.input(x);
  return response.describe(builder).finish();
}

std::optional<TF_Output> addResponseGradientKernel(const NodeGradient& of) {
  const Response response(of.node);
  if (!response.isKnown() || !isKnownType(of.gradient())) return std::nullopt;
  NodeBuilder builder(of.graph, kernels::kResponseGradient, of.graph.uniqueName(kernels::kResponseGradient));
  builder.input(of.gradient()).input(of.inputs.at(0));
  return response.describe(builder).boolean("masked", isRelu(of, 0)).finish();
}

std::optional<TF_Output> addMaxPoolGradientKernel(const NodeGradient& of) {
  const auto windows = integersOf(attribute(of.node, "ksize"));
  const auto strides = integersOf(attribute(of.node, "strides"));
  const bool same = isText(attribute(of.node, "padding"), "SAME");
  if (!same && !isText(attribute(of.node, "padding"), "VALID")) return std::nullopt;
  if (windows.size() != kRank || strides.size() != kRank || !isKnownType(of.gradient())) return std::nullopt;
  if (isText(attribute(of.node, "data_format"), "NCHW")) return std::nullopt;
  if (windows[0] * windows[3] * strides[0] * strides[3] != 1) return std::nullopt;
  const Shape input = shapeOf(of, of.inputs.at(0));
  const Shape output = shapeOf(of, of.output);
  const Padding rows(same, input[1], output[1], windows[1], strides[1]);
  const Padding columns(same, input[2], output[2], windows[2], strides[2]);
  return NodeBuilder(of.graph, kernels::kMaxPoolGradient, of.graph.uniqueName(kernels::kMaxPoolGradient))
      .input(of.gradient())
      .input(of.inputs[0])
      .input(of.output)
      .integer("window_rows", windows[1])
      .integer("window_columns", windows[2])
      .integer("stride_rows", strides[1])
      .integer("stride_columns", strides[2])
      .integer("before_rows", rows.before)
      .integer("before_columns", columns.before)
      .boolean("masked", isRelu(of, 0))
      .finish();
}

std::optional<Gradients> addMaskedGradients(const NodeGradient& of, const std::vector<TF_Output>& arrived) {
  if (arrived.empty() || !isKnownType(arrived.front())) return std::nullopt;
  if (of.node.op == "Relu") return ofRelu(of, arrived);
  if (of.node.op != "Concat" && of.node.op != "ConcatV2") return std::nullopt;
  const std::vector<ChannelPart> parts = channelParts(of);
  if (std::none_of(parts.begin(), parts.end(), [&](const auto& part) { return isRelu(of, part.input); })) {
    return std::nullopt;
  }
  Gradients gradients(of.inputs.size());
  for (const auto& [input, offset] : parts) {
    if (of.needs(input)) gradients[input] = addMaskedSum(of, arrived, of.inputs[input], offset, isRelu(of, input));
  }
  return gradients;
}

}  // namespace livedream
