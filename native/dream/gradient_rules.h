#pragma once

#include <vector>

#include "dream/network.h"
#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// The gradients that livedream writes itself: those of the operations that image networks are made of. TF_AddGradients
// knows them too, but [measured, TensorFlow 2.21] the C++ API behind it
//  - drops attributes and takes their defaults, silently: all of LRN's, which makes inception5h's gradients wrong by
//    100 %, and Conv2D's dilations (44 %); with explicit padding Conv2D and MaxPool are errors;
//  - makes Relu's gradient from its input, which therefore has to be kept, so that Conv2D, BiasAdd and Relu are not
//    fused: 4 ms of Inception v3's 130; it asks for shapes at run time;
//  - is slow at the first, strided convolution (see strided_gradient.h).
// For ordinary kernels all but the last give the numbers of TensorFlow Python, to the last bit.

// One node of the copied network, and the gradient by its output.
struct NodeGradient {
  tensorflow::Graph& graph;
  const Network& network;
  const NetworkNode& node;
  const Mode& mode;
  std::vector<tensorflow::TF_Output> inputs;
  tensorflow::TF_Output output{};
  tensorflow::TF_Output gradient{};
};

bool hasGradientRule(const Network& network, const NetworkNode& node);

// The gradients by the node's inputs; `oper` is null where an input does not depend on the picture.
std::vector<tensorflow::TF_Output> addRuleGradient(const NodeGradient& of);

}  // namespace livedream
