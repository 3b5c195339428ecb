#pragma once

#include <cstddef>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "dream/gradient_rules.h"
#include "error.h"
#include "tensorflow/graph.h"

namespace livedream {

// What gradient rules are made of.

tensorflow::Shape shapeOf(const NodeGradient& of, tensorflow::TF_Output x);

// The shape of an input, as an int32 constant.
tensorflow::TF_Output sizeOfInput(const NodeGradient& of, std::size_t input = 0);

// An operation with the attributes of the node, which are named as in TensorFlow's gradient operation, but for those in
// `without`.
tensorflow::NodeBuilder builderLike(const NodeGradient& of, const char* operation,
                                    const std::vector<tensorflow::TF_Output>& inputs,
                                    std::initializer_list<std::string_view> without = {});
tensorflow::TF_Output build(const NodeGradient& of, const char* operation,
                            const std::vector<tensorflow::TF_Output>& inputs,
                            std::initializer_list<std::string_view> without = {});

tensorflow::TF_Output outputOf(tensorflow::TF_Output node, int index);

// `gradient` has the shape of what an input was broadcast to; this is the one by the input itself.
tensorflow::TF_Output reducedTo(const NodeGradient& of, tensorflow::TF_Output gradient, std::size_t input);

// The node said again in operations that TF_AddGradients gets right: it differentiates what `restate` makes of the
// inputs.
using Restatement = std::function<tensorflow::TF_Output(const std::vector<tensorflow::TF_Output>& inputs)>;
Gradients restated(const NodeGradient& of, const Restatement& restate);

// That a node between the picture and a layer has no gradient, and why.
Error notDifferentiable(const NetworkNode& node, const std::string& detail);

// TF_AddGradients, for one node. Throws ERR_LIVEDREAM_NOT_DIFFERENTIABLE.
Gradients addTensorFlowGradients(tensorflow::Graph& graph, const NetworkNode& node,
                                 const std::vector<tensorflow::TF_Output>& outputs, const Gradients& arrived,
                                 const std::vector<tensorflow::TF_Output>& by);

}  // namespace livedream
