#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "dream/network.h"
#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// The gradients that livedream writes itself. TF_AddGradients knows those of many operations, but [measured,
// TensorFlow 2.21] the C++ API behind it
//  - drops attributes and takes their defaults, silently: all of LRN's, which makes inception5h's gradients wrong by
//    100 %, and Conv2D's dilations (44 %); with explicit padding Conv2D and MaxPool are errors;
//  - is wrong for LogSoftmax of four axes and for broadcast Atan2, fails for GatherV2 along a negative axis, and lacks
//    what TensorFlow Python has for some thirty operations;
//  - makes Relu's gradient from its input, which therefore has to be kept, so that Conv2D, BiasAdd and Relu are not
//    fused: 4 ms of Inception v3's 130; it asks for shapes at run time;
//  - is slow at the first, strided convolution (see strided_gradient.h).
// For ordinary kernels all but the last give the numbers of TensorFlow Python, most to the last bit.

// One node of the copied network, and the gradients by its outputs.
struct NodeGradient {
  tensorflow::Graph& graph;
  const Network& network;
  const NetworkNode& node;
  const Mode& mode;
  std::vector<tensorflow::TF_Output> inputs;
  tensorflow::TF_Output output{};
  // What arrived at each output; `oper` is null where nothing did.
  std::vector<tensorflow::TF_Output> gradients;

  // By the only output that most operations have.
  tensorflow::TF_Output gradient() const { return gradients.front(); }
  bool needs(std::size_t input) const { return network.seesPicture(node.inputs[input].node); }
};

using Gradients = std::vector<tensorflow::TF_Output>;

struct GradientRule {
  // The gradients by the node's inputs; `oper` is null, or the vector ends, where there is none.
  Gradients (*add)(const NodeGradient&) = nullptr;
  // Whether it knows the gradient by the first input alone; where others see the picture too, TensorFlow is asked.
  bool first_only = false;
};

using GradientRules = std::unordered_map<std::string, GradientRule>;

// The rules by family.
const GradientRules& layerRules();     // convolutions, pools, activations, normalizations
const GradientRules& functionRules();  // number by number
const GradientRules& arrayRules();     // what moves numbers
const GradientRules& passRules();      // what a gradient passes unchanged, or not at all

bool hasGradientRule(const Network& network, const NetworkNode& node);

// Where hasGradientRule().
Gradients addRuleGradient(const NodeGradient& of);

}  // namespace livedream
