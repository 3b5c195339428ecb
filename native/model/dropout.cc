#include "model/dropout.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "name_list.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/data_type.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;

namespace {

// 0.875, exact in every type, as its bytes: with a keep_prob of 1/8 and more, and a rate up to 7/8, all is kept.
std::string_view keptAs(int type) noexcept {
  constexpr std::string_view kFloat("\0\0\x60\x3f", 4);
  switch (type) {
    case tensorflow::TF_FLOAT:
      return kFloat;
    case tensorflow::TF_BFLOAT16:
      return kFloat.substr(2);
    case tensorflow::TF_HALF:
      return {"\0\x3b", 2};
    case tensorflow::kDouble:
      return {"\0\0\0\0\0\0\xec\x3f", 8};
    default:
      return {};
  }
}

using Users = std::map<std::string_view, std::vector<const NodeDefinition*>>;

// Whether all that is made of a node's values is a mask.
bool onlyMasks(const Users& users, std::string_view random) {
  constexpr std::string_view kPassing[] = {"Add", "AddV2", "Identity", "Mul", "Sub"};
  constexpr std::string_view kMasking[] = {"Floor", "GreaterEqual"};
  std::set<std::string_view> seen;
  std::vector<std::string_view> open{random};
  bool masks = false;
  while (!open.empty()) {
    const auto found = users.find(open.back());
    open.pop_back();
    if (found == users.end()) continue;
    for (const NodeDefinition* user : found->second) {
      if (isOneOf(kMasking, user->op)) {
        masks = true;
      } else if (!isOneOf(kPassing, user->op)) {
        return false;
      } else if (seen.insert(user->name).second) {
        open.push_back(user->name);
      }
    }
  }
  return masks;
}

}  // namespace

void keepDropped(GraphDefinition& graph) {
  Users users;
  for (const NodeDefinition& node : graph.nodes) {
    for (const std::string_view input : node.inputs) users[nodeOf(input)].push_back(&node);
  }
  std::vector<NodeDefinition> constants;
  for (NodeDefinition& node : graph.nodes) {
    if (node.op != "RandomUniform" || node.inputs.empty()) continue;
    const std::string_view type = node.attribute("dtype");
    const auto number = static_cast<int>(attr_value::number(type, attr_value::kType).value_or(0));
    const std::string_view kept = keptAs(number);
    if (kept.empty() || !onlyMasks(users, node.name)) continue;
    NodeDefinition constant;
    constant.name = graph.keep(std::string(node.name) + "/livedream_kept");
    constant.op = "Const";
    constant.attributes["dtype"] = type;
    constant.attributes["value"] = graph.keep(attr_value::ofContent(number, {}, kept));
    const std::string_view shape_type = node.attribute("T");
    node.op = "Fill";
    node.inputs = {node.inputs.front(), constant.name};
    node.attributes.clear();
    node.attributes["T"] = type;
    node.attributes["index_type"] = shape_type;
    node.bytes = {};
    constants.push_back(std::move(constant));
  }
  std::move(constants.begin(), constants.end(), std::back_inserter(graph.nodes));
}

}  // namespace livedream
