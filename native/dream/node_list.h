#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dream/attribute_values.h"
#include "dream/network.h"

namespace livedream {

// A network's nodes while they are rewritten, in topological order, and what has to be put in between them.
class NodeList {
 public:
  // New names differ from all of `taken`.
  explicit NodeList(const std::vector<NetworkNode>& taken);

  NetworkNode::Input append(NetworkNode node);

  // A helper of one input or several, called `name` or something like it, with TensorFlow's defaults as attributes.
  NetworkNode::Input helper(const char* op, const std::string& name, const std::vector<NetworkNode::Input>& inputs);
  NetworkNode::Input constant(const Integers& integers, const std::string& name);
  // Of int32.
  NetworkNode::Input vector(const std::vector<std::int64_t>& values, const std::string& name);
  NetworkNode::Input scalar(std::int64_t value, const std::string& name);

  // `name`, or one like it that no node has.
  std::string fresh(const std::string& name);

  std::vector<NetworkNode> take() noexcept { return std::move(nodes_); }

 private:
  std::vector<NetworkNode> nodes_;
  std::set<std::string> names_;
};

}  // namespace livedream
