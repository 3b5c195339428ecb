// Convolutions, pools, activations and normalizations.

#include <cstddef>
#include <cstdint>
#include <optional>

#include "dream/attributes.h"
#include "dream/kernel_rewrites.h"
#include "dream/max_pool_masks.h"
#include "dream/plain_gradient.h"
#include "dream/resize_matrices.h"
#include "dream/response_expression.h"
#include "dream/rule_parts.h"
#include "dream/strided_gradient.h"
#include "dream/winograd.h"

namespace livedream {

using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

std::vector<std::int32_t> narrowed(const Shape& shape) { return {shape.begin(), shape.end()}; }

// By the filter, which a network may make from the picture.
Gradients withFilter(const NodeGradient& of, TF_Output input, const char* operation) {
  if (!of.needs(1)) return {input};
  return {input, build(of, operation, {of.inputs[0], sizeOfInput(of, 1), of.gradient()})};
}

// Conv2DBackpropInput of an ordinary CPU takes dilations or explicit padding, but not both: of the padded input, then.
TF_Output dilatedAndPadded(const NodeGradient& of, const std::vector<std::int64_t>& paddings) {
  const Shape shape = shapeOf(of, of.inputs.at(0));
  Shape padded = shape;
  std::vector<std::int32_t> begin(shape.size());
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    padded[axis] += paddings.at(2 * axis) + paddings.at(2 * axis + 1);
    begin[axis] = static_cast<std::int32_t>(paddings[2 * axis]);
  }
  const TF_Output whole =
      builderLike(of, "Conv2DBackpropInput", {of.graph.constant(narrowed(padded)), of.inputs.at(1), of.gradient()},
                  {"padding", "explicit_paddings"})
          .text("padding", "VALID")
          .finish();
  return of.graph.slice(whole, begin, narrowed(shape));
}

TF_Output convolutionInput(const NodeGradient& of) {
  const auto strided =
      of.mode.rewrites.has(Rewrite::kStridedGradient) ? stridedConvolution(of.network, of.node) : std::nullopt;
  if (strided) {
    return addStridedGradient(of.graph, *strided, shapeOf(of, of.inputs.at(0)), of.inputs.at(1), of.gradient());
  }
  if (of.mode.rewrites.has(Rewrite::kWinograd)) {
    if (const auto gradient = addWinogradGradient(of)) return *gradient;
  }
  if (of.mode.rewrites.has(Rewrite::kPlainGradient)) {
    const auto plain = plainConvolution(of.node, shapeOf(of, of.inputs.at(0)), shapeOf(of, of.inputs.at(1)),
                                        shapeOf(of, of.gradient()));
    if (plain) return addPlainGradient(of.graph, *plain, of.inputs[1], of.gradient());
  }
  const auto paddings = integersOf(attribute(of.node, "explicit_paddings"));
  if (!paddings.empty() && !allOnes(attribute(of.node, "dilations"))) return dilatedAndPadded(of, paddings);
  return build(of, "Conv2DBackpropInput", {sizeOfInput(of), of.inputs.at(1), of.gradient()});
}

Gradients convolution(const NodeGradient& of) {
  return withFilter(of, of.needs(0) ? convolutionInput(of) : TF_Output{}, "Conv2DBackpropFilter");
}

// The filter with zeros between its taps, as dilation has it, or from such a one (its gradient) what is no such zero.
struct DilatedFilter {
  Shape shape;  // without them
  std::int64_t rows;
  std::int64_t columns;

  explicit DilatedFilter(const NodeGradient& of) : shape(shapeOf(of, of.inputs.at(1))) {
    const auto dilations = integersOf(attribute(of.node, "dilations"));
    const std::size_t height = isText(attribute(of.node, "data_format"), "NCHW") ? 2 : 1;
    rows = dilations.at(height);
    columns = dilations.at(height + 1);
  }

  std::vector<std::int32_t> size() const {
    return narrowed({(shape[0] - 1) * rows + 1, (shape[1] - 1) * columns + 1, shape[2], shape[3]});
  }

  TF_Output spread(tensorflow::Graph& graph, TF_Output filter) const {
    TF_Output x = graph.reshape(filter, {shape[0], 1, shape[1], 1, shape[2], shape[3]});
    const auto zeros = narrowed({0, 0, 0, rows - 1, 0, 0, 0, columns - 1, 0, 0, 0, 0});
    x = graph.binary("Pad", x, graph.reshape(graph.constant(zeros), {-1, 2}));
    x = graph.reshape(x, {shape[0] * rows, shape[1] * columns, shape[2], shape[3]});
    return graph.slice(x, {0, 0, 0, 0}, size());
  }

  TF_Output gather(tensorflow::Graph& graph, TF_Output spread) const {
    return tensorflow::NodeBuilder(graph, "StridedSlice", graph.uniqueName("StridedSlice"))
        .input(spread)
        .input(graph.constant(std::vector<std::int32_t>{0, 0}))
        .input(graph.constant(std::vector<std::int32_t>{size()[0], size()[1]}))
        .input(graph.constant(narrowed({rows, columns})))
        .finish();
  }
};

// TensorFlow's ordinary kernels see no dilation in the gradients of a depthwise convolution, though the convolution
// itself has it: they are 100 % off, for TensorFlow Python too [measured, 2.21]. tf.nn.depthwise_conv2d goes round it.
Gradients dilatedDepthwise(const NodeGradient& of) {
  const DilatedFilter dilated(of);
  Gradients gradients(2);
  if (of.needs(0)) {
    gradients[0] = build(of, "DepthwiseConv2dNativeBackpropInput",
                         {sizeOfInput(of), dilated.spread(of.graph, of.inputs.at(1)), of.gradient()}, {"dilations"});
  }
  if (of.needs(1)) {
    const TF_Output spread = build(of, "DepthwiseConv2dNativeBackpropFilter",
                                   {of.inputs.at(0), of.graph.constant(dilated.size()), of.gradient()}, {"dilations"});
    gradients[1] = dilated.gather(of.graph, spread);
  }
  return gradients;
}

Gradients depthwise(const NodeGradient& of) {
  if (!of.mode.xla && !allOnes(attribute(of.node, "dilations"))) return dilatedDepthwise(of);
  const TF_Output input =
      of.needs(0) ? build(of, "DepthwiseConv2dNativeBackpropInput", {sizeOfInput(of), of.inputs.at(1), of.gradient()})
                  : TF_Output{};
  return withFilter(of, input, "DepthwiseConv2dNativeBackpropFilter");
}

// What transposes a depthwise convolution: its gradients are a convolution and that one's filter gradient.
Gradients transposedDepthwise(const NodeGradient& of) {
  Gradients gradients(3);
  if (of.needs(1)) {
    gradients[1] =
        build(of, "DepthwiseConv2dNativeBackpropFilter", {of.gradient(), sizeOfInput(of, 1), of.inputs.at(2)});
  }
  if (of.needs(2)) gradients[2] = build(of, "DepthwiseConv2dNative", {of.gradient(), of.inputs.at(1)});
  return gradients;
}

Gradients dilation(const NodeGradient& of) {
  Gradients gradients(2);
  const std::vector<TF_Output> arguments{of.inputs.at(0), of.inputs.at(1), of.gradient()};
  if (of.needs(0)) gradients[0] = build(of, "Dilation2DBackpropInput", arguments);
  if (of.needs(1)) gradients[1] = build(of, "Dilation2DBackpropFilter", arguments);
  return gradients;
}

Gradients resize(const NodeGradient& of) {
  const Shape shape = shapeOf(of, of.inputs.at(0));
  if (of.mode.xla && isMatrixResize(of.node, shape, shapeOf(of, of.gradient()))) {
    return {addMatrixResizeGradient(of.graph, of.node, shape, of.gradient())};
  }
  if (of.node.op == "ResizeBilinear") return {build(of, "ResizeBilinearGrad", {of.gradient(), of.inputs.at(0)})};
  return {build(of, "ResizeNearestNeighborGrad", {of.gradient(), of.graph.constant(narrowed({shape[1], shape[2]}))})};
}

// An output is positive where its input is, and kept anyway.
Gradients relu(const NodeGradient& of) { return {build(of, "ReluGrad", {of.gradient(), of.output})}; }

Gradients relu6(const NodeGradient& of) { return {build(of, "Relu6Grad", {of.gradient(), of.output})}; }

// TensorFlow's C++ API sums along the second axis, whatever the rank.
Gradients logSoftmax(const NodeGradient& of) {
  const TF_Output sum = tensorflow::NodeBuilder(of.graph, "Sum", of.graph.uniqueName("Sum"))
                            .input(of.gradient())
                            .input(of.graph.constant(-1))
                            .boolean("keep_dims", true)
                            .finish();
  const TF_Output softmax = of.graph.unary("Exp", of.output);
  return {of.graph.binary("Sub", of.gradient(), of.graph.binary("Mul", sum, softmax))};
}

Gradients maxPool(const NodeGradient& of) {
  if (of.mode.rewrites.has(Rewrite::kMaxPoolKernel)) {
    if (const auto found = addMaxPoolGradientKernel(of)) return {*found};
  }
  if (of.mode.rewrites.has(Rewrite::kMaxPoolMasks)) {
    const auto windows = maskableWindows(of.node, shapeOf(of, of.inputs.at(0)));
    if (windows) return {addMaxPoolGradient(of.graph, *windows, of.inputs.at(0), of.output, of.gradient())};
  }
  return {build(of, "MaxPoolGrad", {of.inputs.at(0), of.output, of.gradient()})};
}

Gradients averagePool(const NodeGradient& of) { return {build(of, "AvgPoolGrad", {sizeOfInput(of), of.gradient()})}; }

Gradients localResponse(const NodeGradient& of) {
  if (of.mode.rewrites.has(Rewrite::kResponseKernel)) {
    if (const auto found = addResponseGradientKernel(of)) return {*found};
  }
  if (of.mode.rewrites.has(Rewrite::kResponseExpression)) {
    const auto response = expressibleResponse(of.node, shapeOf(of, of.inputs.at(0)));
    if (response) return {addResponseGradient(of.graph, *response, of.inputs.at(0), of.output, of.gradient())};
  }
  return {build(of, "LRNGrad", {of.gradient(), of.inputs.at(0), of.output})};
}

// By TensorFlow's own operation: statistics that the picture makes, or a scale or an offset, and half precision, which
// it rounds but once.
Gradients batchNormByOperation(const NodeGradient& of, bool training, bool channels_first) {
  const bool third = of.node.op == "FusedBatchNormV3";
  const char* operation = third                              ? "FusedBatchNormGradV3"
                          : of.node.op == "FusedBatchNormV2" ? "FusedBatchNormGradV2"
                                                             : "FusedBatchNormGrad";
  // Of given statistics the operation knows the gradient with channels last only.
  const bool turned = channels_first && !training;
  const auto turn = [&](TF_Output x, const std::vector<std::int32_t>& axes) {
    return turned ? of.graph.transpose(x, axes) : x;
  };
  std::vector<TF_Output> arguments{turn(of.gradient(), {0, 2, 3, 1}), turn(of.inputs.at(0), {0, 2, 3, 1}),
                                   of.inputs.at(1), training ? outputOf(of.output, 3) : of.inputs.at(3),
                                   training ? outputOf(of.output, 4) : of.inputs.at(4)};
  if (third) arguments.push_back(outputOf(of.output, 5));
  const TF_Output found = builderLike(of, operation, arguments, {"exponential_avg_factor", "data_format"})
                              .text("data_format", channels_first && !turned ? "NCHW" : "NHWC")
                              .finish();
  return {turn(found, {0, 3, 1, 2}), outputOf(found, 1), outputOf(found, 2)};
}

// TensorFlow's C++ API knows the third version alone, and lets nothing be fused: it keeps what a product does not need.
Gradients batchNorm(const NodeGradient& of) {
  if (of.gradient().oper == nullptr) return {};
  const bool training = isTrue(attribute(of.node, "is_training"), true);
  const bool channels_first = isText(attribute(of.node, "data_format"), "NCHW");
  const bool half = tensorflow::api().TF_OperationOutputType(of.gradient()) != tensorflow::TF_FLOAT;
  if (training || half || of.needs(1) || of.needs(2)) return batchNormByOperation(of, training, channels_first);
  constexpr float kEpsilon = 1e-4F;
  const TF_Output epsilon = of.graph.constant(floatOf(attribute(of.node, "epsilon"), kEpsilon));
  const TF_Output deviation = of.graph.unary("Rsqrt", of.graph.binary("AddV2", of.inputs.at(4), epsilon));
  TF_Output factor = of.graph.binary("Mul", of.inputs.at(1), deviation);
  if (channels_first) factor = of.graph.reshape(factor, {-1, 1, 1});
  return {of.graph.binary("Mul", of.gradient(), factor)};
}

}  // namespace

const GradientRules& layerRules() {
  static const GradientRules kRules{
      {"AvgPool", {averagePool}},
      {"Conv2D", {convolution}},
      {"DepthwiseConv2dNative", {depthwise}},
      {"DepthwiseConv2dNativeBackpropInput", {transposedDepthwise}},
      {"Dilation2D", {dilation}},
      {"FusedBatchNorm", {batchNorm}},
      {"FusedBatchNormV2", {batchNorm}},
      {"FusedBatchNormV3", {batchNorm}},
      {"LRN", {localResponse}},
      {"LogSoftmax", {logSoftmax}},
      {"MaxPool", {maxPool}},
      {"ResizeBilinear", {resize}},
      {"ResizeNearestNeighbor", {resize}},
      {"Relu", {relu}},
      {"Relu6", {relu6}},
  };
  return kRules;
}

}  // namespace livedream
