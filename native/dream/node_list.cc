#include "dream/node_list.h"

#include <utility>

namespace livedream {

using Input = NetworkNode::Input;

NodeList::NodeList(const std::vector<NetworkNode>& taken) {
  for (const NetworkNode& node : taken) names_.insert(node.name);
}

Input NodeList::append(NetworkNode node) {
  nodes_.push_back(std::move(node));
  return {nodes_.size() - 1, 0};
}

Input NodeList::helper(const char* op, const std::string& name, const std::vector<Input>& inputs) {
  NetworkNode node;
  node.name = fresh(name);
  node.op = op;
  node.inputs = inputs;
  node.groups.resize(inputs.size(), 0);
  node.helper = true;
  return append(std::move(node));
}

Input NodeList::constant(const Integers& integers, const std::string& name) {
  NetworkNode node = constantNode(integers);
  node.name = fresh(name);
  node.helper = true;
  return append(std::move(node));
}

Input NodeList::vector(const std::vector<std::int64_t>& values, const std::string& name) {
  return constant({Integers::kInt32, {static_cast<std::int64_t>(values.size())}, values}, name);
}

Input NodeList::scalar(std::int64_t value, const std::string& name) {
  return constant({Integers::kInt32, {}, {value}}, name);
}

std::string NodeList::fresh(const std::string& name) {
  std::string found = name;
  for (int count = 1; !names_.insert(found).second; ++count) found = name + "_" + std::to_string(count);
  return found;
}

}  // namespace livedream
