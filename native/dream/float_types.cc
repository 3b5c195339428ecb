#include "dream/float_types.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "dream/attribute_values.h"
#include "dream/attributes.h"
#include "name_list.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/data_type.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::TF_FLOAT;

namespace {

constexpr std::string_view kMoving[] = {
    "BatchToSpaceND", "Concat",       "ConcatV2",
    "DepthToSpace",   "ExpandDims",   "Gather",
    "GatherV2",       "Identity",     "MirrorPad",
    "Pack",           "Pad",          "PadV2",
    "Placeholder",    "Reshape",      "ResizeNearestNeighbor",
    "ReverseV2",      "Slice",        "Snapshot",
    "SpaceToBatchND", "SpaceToDepth", "Split",
    "SplitV",         "Squeeze",      "StopGradient",
    "StridedSlice",   "Tile",         "Transpose",
    "Unpack",
};
// These take numbers of any type and give others.
constexpr std::string_view kConverting[] = {"Rank", "ResizeArea", "ResizeBicubic", "ResizeBilinear", "Shape", "Size"};

int typeOf(const NetworkNode& node, std::string_view name) {
  const auto types = attr_value::types(attribute(node, name));
  return types.empty() ? 0 : types.front();
}

// What every operation above calls the type of its values.
const char* typeAttribute(const NetworkNode& node) noexcept {
  if (node.op == "Placeholder") return "dtype";
  return node.op == "Gather" || node.op == "GatherV2" ? "Tparams" : "T";
}

// A Cast between equal types, which widening leaves behind, would still be run.
void simplifyCast(NetworkNode& node) {
  if (node.op != "Cast" || typeOf(node, "SrcT") != TF_FLOAT || typeOf(node, "DstT") != TF_FLOAT) return;
  node.op = "Identity";
  node.attributes = {{"T", attr_value::ofType(TF_FLOAT)}};
}

}  // namespace

void widenTypes(std::vector<NetworkNode>& nodes) {
  for (NetworkNode& node : nodes) {
    bool changed = false;
    for (auto& [name, value] : node.attributes) {
      std::vector<int> types = attr_value::types(value);
      if (std::none_of(types.begin(), types.end(), tensorflow::isHalfType)) continue;
      std::replace_if(types.begin(), types.end(), tensorflow::isHalfType, static_cast<int>(TF_FLOAT));
      const bool list = attr_value::bytes(value, attr_value::kList).has_value();
      value = list ? attr_value::ofTypes(types) : attr_value::ofType(types.front());
      changed = true;
    }
    if (changed) simplifyCast(node);
  }
}

void takeFloats(std::vector<NetworkNode>& nodes, std::size_t input, std::map<std::string, std::string>& left_out) {
  const int type = typeOf(nodes[input], "dtype");
  if (!tensorflow::isIntegerType(type)) return;
  std::vector<bool> changed(nodes.size(), false);  // gives floats where it gave integers
  setAttribute(nodes[input], "dtype", attr_value::ofType(TF_FLOAT));
  changed[input] = true;
  for (std::size_t index = 0; index < nodes.size(); ++index) {
    NetworkNode& node = nodes[index];
    const bool takes = std::any_of(node.inputs.begin(), node.inputs.end(),
                                   [&](const NetworkNode::Input& each) { return changed[each.node]; });
    if (!takes || index == input) continue;
    if (node.op == "Cast") {
      const int to = typeOf(node, "DstT");
      changed[index] = tensorflow::isIntegerType(to);
      setAttribute(node, "SrcT", attr_value::ofType(TF_FLOAT));
      if (changed[index]) setAttribute(node, "DstT", attr_value::ofType(TF_FLOAT));
      simplifyCast(node);
    } else if (isOneOf(kMoving, node.op) || isOneOf(kConverting, node.op)) {
      changed[index] = isOneOf(kMoving, node.op);
      setAttribute(node, typeAttribute(node), attr_value::ofType(TF_FLOAT));
    } else {
      left_out.emplace(node.name, node.op + " of integers ('" + node.name + "'), through which no gradient passes");
    }
    // A layer of integers is none.
    node.helper = node.helper || changed[index];
  }
}

}  // namespace livedream
