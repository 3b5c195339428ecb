#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "dream/gradient_rules.h"
#include "tensorflow/graph.h"

namespace livedream {

// Where an ordinary program on the processor calls kernels of livedream's own (native/kernels) in the place of
// TensorFlow's. Each gives nothing where the kernel does not know the node's kind: TensorFlow's is used then.
//
// A gradient of ours by what a Relu gave is the one by what it took already: the mask is laid on as it is written, so
// that no pass over memory is spent on it.

// Whether an input of a node is what a Relu gave.
bool isRelu(const Network& network, const NetworkNode& node, std::size_t input);
// Whether our kernels know this node of LRN.
bool hasResponseKernel(const NetworkNode& node);
// LRN of x, of a layer's node.
std::optional<tensorflow::TF_Output> addResponseKernel(const tensorflow::Graph& graph, const NetworkNode& node,
                                                       tensorflow::TF_Output x, const std::string& name);
std::optional<tensorflow::TF_Output> addResponseGradientKernel(const NodeGradient& of);
// The gradient takes what the pool chose, so it is ours only where the pool is.
std::optional<tensorflow::TF_Output> addMaxPoolKernel(tensorflow::Graph& graph, const Network& network,
                                                      const NetworkNode& node, tensorflow::TF_Output x);
std::optional<tensorflow::TF_Output> addMaxPoolGradientKernel(const NodeGradient& of);

// The gradients of a Relu, or of a concatenation of channels of which one at least is a Relu's, from those that arrived
// at its output, not summed.
std::optional<Gradients> addMaskedGradients(const NodeGradient& of, const std::vector<tensorflow::TF_Output>& arrived);

}  // namespace livedream
