#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "dream/gradient_rules.h"
#include "dream/network.h"
#include "dream/network_graph.h"
#include "tensorflow/graph.h"

namespace livedream {

// 1x1 convolutions of one tensor, of which an inception module has three: what they hand back to it is summed anyway,
// so one gradient with the filters side by side does for all. It writes a third, and what sums reads a third.
class SiblingGradients {
 public:
  // None.
  SiblingGradients() = default;
  // Of the nodes that a program needs, which `copy` holds.
  SiblingGradients(const tensorflow::Graph& graph, const Network& network, const NetworkGraph& copy,
                   const std::vector<std::size_t>& nodes);

  bool has(std::size_t node) const { return groups_.count(node) > 0; }
  // To be called for each of them, from the last to the first; the first gives the gradient by what all of them take.
  std::optional<tensorflow::TF_Output> pass(std::size_t node, const NodeGradient& of);

 private:
  struct Group {
    std::size_t first = 0;
    std::vector<tensorflow::TF_Output> filters;
    std::vector<tensorflow::TF_Output> gradients;
  };

  std::map<std::size_t, std::size_t> groups_;  // of each node
  std::vector<Group> all_;
};

}  // namespace livedream
