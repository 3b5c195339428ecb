#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "dream/gradient_rules.h"
#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// Convolutions of stride 1 with filters of 3 x 3, 4 x 4 or 5 x 5 by Winograd's minimal filtering (kernels/winograd.h),
// in the place of TensorFlow's direct ones: a quarter of the products, or 36 in 100 with 5 x 5. The bias and the Relu
// that follow are done as the outputs are written, the mask of a Relu before it likewise in the gradient.
class WinogradConvolutions {
 public:
  // None.
  WinogradConvolutions() = default;
  // Of the nodes that a program needs; `read` are those whose outputs it reads itself.
  WinogradConvolutions(const Network& network, const std::vector<std::size_t>& nodes,
                       const std::vector<std::size_t>& read);

  // A Conv2D, or the bias or the Relu after one, whose inputs are `inputs` and whose ordinary output is `output`: the
  // same by the kernel, together with what comes before it if nothing else takes that. `inputsOf` are those of a node.
  using InputsOf = std::map<std::size_t, std::vector<tensorflow::TF_Output>>;
  std::optional<tensorflow::TF_Output> add(tensorflow::Graph& graph, const NetworkNode& node, const InputsOf& inputs_of,
                                           const std::vector<tensorflow::TF_Output>& inputs,
                                           tensorflow::TF_Output output) const;

 private:
  const NetworkNode* before(const NetworkNode& node) const;

  const Network* network_ = nullptr;
  std::map<std::size_t, std::size_t> users_;  // of each node's outputs
};

// The gradient by the input of such a convolution.
std::optional<tensorflow::TF_Output> addWinogradGradient(const NodeGradient& of);

}  // namespace livedream
