#include "dream/channels_last_forms.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "dream/attribute_values.h"
#include "dream/attributes.h"
#include "dream/elementwise.h"
#include "tensorflow/attr_value.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;

namespace {

bool endsWith(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// A copy of the node; `give` tells its new inputs.
template <typename Give>
NetworkNode copied(const NetworkNode& old, Give give) {
  NetworkNode node = old;
  for (std::size_t at = 0; at < old.inputs.size(); ++at) node.inputs[at] = give(at, old.inputs[at]);
  return node;
}

}  // namespace

ChannelsLastForms::Rule ChannelsLastForms::ruleFor(const std::string& op) {
  static const std::unordered_map<std::string_view, Rule> kRules{
      {"Concat", &ChannelsLastForms::alongAxis},    {"ConcatV2", &ChannelsLastForms::alongAxis},
      {"Split", &ChannelsLastForms::alongAxis},     {"SplitV", &ChannelsLastForms::alongAxis},
      {"ReverseV2", &ChannelsLastForms::alongAxis}, {"Max", &ChannelsLastForms::reduced},
      {"Mean", &ChannelsLastForms::reduced},        {"Min", &ChannelsLastForms::reduced},
      {"Prod", &ChannelsLastForms::reduced},        {"Sum", &ChannelsLastForms::reduced},
      {"MirrorPad", &ChannelsLastForms::sized},     {"Pad", &ChannelsLastForms::sized},
      {"PadV2", &ChannelsLastForms::sized},         {"Slice", &ChannelsLastForms::sized},
      {"Tile", &ChannelsLastForms::sized},          {"StridedSlice", &ChannelsLastForms::strided},
      {"Shape", &ChannelsLastForms::shape},
  };
  const auto rule = kRules.find(op);
  return rule == kRules.end() ? nullptr : rule->second;
}

std::optional<NodeForm> ChannelsLastForms::of(const NetworkNode& old) {
  if (isText(attribute(old, "data_format"), "NCHW")) return formatted(old);
  if (old.op == "Transpose") return transposed(old);
  if (std::none_of(old.inputs.begin(), old.inputs.end(), [this](Input from) { return isLast(from); })) {
    return std::nullopt;
  }
  if (isElementwise(old.op)) return elementwise(old);
  const Rule rule = ruleFor(old.op);
  return rule == nullptr ? std::nullopt : (this->*rule)(old);
}

std::size_t ChannelsLastForms::rank(Input from) const {
  const auto known = shapes_.of(from);
  return known ? known->size() : kPictureRank + 1;
}

// What has a data_format: the list attributes and the sizes among the inputs have an entry for each axis.
std::optional<NodeForm> ChannelsLastForms::formatted(const NetworkNode& old) {
  const bool backwards = endsWith(old.op, "BackpropInput");
  const std::size_t data = backwards ? 2 : 0;
  // A vector for each picture has no layout.
  if (old.op == "BiasAdd" && !isLast(old.inputs[0]) && rank(old.inputs[0]) != kPictureRank) return std::nullopt;
  NetworkNode node = copied(old, [&](std::size_t at, Input from) {
    if (at == data) return last(from);
    return old.op == "MaxPoolV2" || (backwards && at == 0) ? permuted(from, old) : first(from);
  });
  setAttribute(node, "data_format", attr_value::ofText("NHWC"));
  for (const char* name : {"strides", "ksize", "dilations", "explicit_paddings"}) {
    const auto list = integersOf(attribute(old, name));
    if (!list.empty()) setAttribute(node, name, attr_value::ofIntegers(permute(list, kToChannelsLast)));
  }
  return NodeForm{std::move(node), true};
}

std::optional<NodeForm> ChannelsLastForms::transposed(const NetworkNode& old) {
  const auto by = constantIntegers(nodes_, old.inputs.at(1).node);
  if (!by || by->values.size() != kPictureRank) return std::nullopt;
  const bool from_last = isLast(old.inputs[0]);
  std::vector<std::int64_t> axes = by->values;
  // From what the node is computed as, which is channels last.
  if (from_last && !moveAxes(axes)) return std::nullopt;
  const bool to_last = std::equal(axes.begin(), axes.end(), kToChannelsFirst.begin());
  if (to_last || (from_last && std::is_sorted(axes.begin(), axes.end()))) {
    NetworkNode node;
    node.name = old.name;
    node.helper = old.helper;
    node.op = "Identity";
    node.inputs = {place(old.inputs[0])};
    node.groups = {0};
    return NodeForm{std::move(node), to_last};
  }
  const bool stays_last = from_last && by->values[0] == 0 && by->values[1] == 1;  // rows for columns
  if (views_.isFirst(old.inputs[0]) && !stays_last) return std::nullopt;
  if (stays_last) axes = permute(axes, kToChannelsLast);
  NetworkNode node = old;
  node.inputs = {place(old.inputs[0]), list_.constant({by->type, by->shape, axes}, old.name + "/perm")};
  return NodeForm{std::move(node), stays_last};
}

std::optional<NodeForm> ChannelsLastForms::elementwise(const NetworkNode& old) {
  const auto fits = [this](Input from) { return isLast(from) || rank(from) <= kPictureRank; };
  if (!std::all_of(old.inputs.begin(), old.inputs.end(), fits)) return std::nullopt;
  return NodeForm{copied(old, [this](std::size_t, Input from) { return last(from); }), true};
}

std::optional<NodeForm> ChannelsLastForms::alongAxis(const NetworkNode& old) {
  std::size_t axis = 0;
  if (old.op == "ConcatV2") axis = old.inputs.size() - 1;
  if (old.op == "ReverseV2") axis = 1;
  if (old.op == "SplitV") axis = 2;
  auto axes = constantIntegers(nodes_, old.inputs[axis].node);
  if (!axes || !moveAxes(axes->values)) return std::nullopt;
  NetworkNode node = copied(old, [&](std::size_t at, Input from) {
    if (at == axis) return list_.constant(*axes, old.name + "/axis");
    return old.op == "SplitV" && at == 1 ? first(from) : last(from);
  });
  return NodeForm{std::move(node), true};
}

std::optional<NodeForm> ChannelsLastForms::reduced(const NetworkNode& old) {
  auto axes = constantIntegers(nodes_, old.inputs.at(1).node);
  if (!axes || !moveAxes(axes->values)) return std::nullopt;
  const bool keeps = isTrue(attribute(old, "keep_dims"), false);
  if (!keeps && !leavesOrder(axes->values)) return std::nullopt;
  NetworkNode node = old;
  node.inputs = {place(old.inputs[0]), list_.constant(*axes, old.name + "/axes")};
  return NodeForm{std::move(node), keeps};
}

// Operations whose second input, of Slice the third too, has an entry for each axis.
std::optional<NodeForm> ChannelsLastForms::sized(const NetworkNode& old) {
  NetworkNode node = copied(old, [&](std::size_t at, Input from) {
    if (at == 0) return place(from);
    return at == 1 || old.op == "Slice" ? permuted(from, old) : first(from);
  });
  return NodeForm{std::move(node), true};
}

std::optional<NodeForm> ChannelsLastForms::strided(const NetworkNode& old) {
  for (const char* name : {"ellipsis_mask", "new_axis_mask", "shrink_axis_mask"}) {
    if (integerOf(attribute(old, name), 0) != 0) return std::nullopt;
  }
  NetworkNode node = old;
  node.inputs = {place(old.inputs[0])};
  for (std::size_t at = 1; at < old.inputs.size(); ++at) {
    auto bounds = constantIntegers(nodes_, old.inputs[at].node);
    if (!bounds || bounds->values.size() > kPictureRank) return std::nullopt;
    // Axes that are not named are taken whole.
    const std::size_t named = bounds->values.size();
    bounds->values.resize(kPictureRank, at == 3 ? 1 : 0);
    bounds->values = permute(bounds->values, kToChannelsLast);
    bounds->shape = {static_cast<std::int64_t>(kPictureRank)};
    node.inputs.push_back(list_.constant(*bounds, old.name + "/bounds"));
    if (at == 3) continue;
    const char* mask = at == 1 ? "begin_mask" : "end_mask";
    setAttribute(node, mask, attr_value::ofInteger(permuteMask(integerOf(attribute(old, mask), 0), named)));
  }
  return NodeForm{std::move(node), true};
}

// The sizes in the order of channels first, without the tensor in it.
std::optional<NodeForm> ChannelsLastForms::shape(const NetworkNode& old) {
  NetworkNode sizes = old;
  sizes.inputs = {place(old.inputs[0])};
  sizes.name = list_.fresh(old.name + "/channels_last");
  return NodeForm{gathered(old.name, list_.append(std::move(sizes)), kToChannelsFirst)};
}

// A list of sizes, an entry or two for each axis, in the order of channels last.
NetworkNode::Input ChannelsLastForms::permuted(Input from, const NetworkNode& user) {
  auto known = constantIntegers(nodes_, from.node);
  if (!known || known->values.size() % kPictureRank != 0) {
    return list_.append(gathered(list_.fresh(user.name + "/sizes"), first(from), kToChannelsLast));
  }
  known->values = permute(known->values, kToChannelsLast);
  return list_.constant(*known, user.name + "/sizes");
}

NetworkNode ChannelsLastForms::gathered(const std::string& name, Input from, const Permutation& permutation) {
  NetworkNode node;
  node.inputs = {from, list_.vector({permutation.begin(), permutation.end()}, name + "/order"),
                 list_.scalar(0, name + "/axis")};
  node.name = name;
  node.op = "GatherV2";
  node.groups = {0, 0, 0};
  return node;
}

}  // namespace livedream
