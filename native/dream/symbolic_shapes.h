#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// The shapes in a network for pictures of any size, as TensorFlow infers them: -1 for what depends on the size.
class SymbolicShapes {
 public:
  SymbolicShapes(const std::vector<NetworkNode>& nodes, const std::vector<tensorflow::Shape>& weight_shapes,
                 std::size_t input, const tensorflow::Shape& picture, const Cancellation& cancellation);

  // Nothing where not even the rank is known.
  std::optional<tensorflow::Shape> of(NetworkNode::Input output) const;

 private:
  void add(const NetworkNode& node);

  tensorflow::Graph graph_;
  std::vector<tensorflow::TF_Output> outputs_;  // oper is null for a node that does not fit
};

}  // namespace livedream
