#include "dream/channels_last.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "dream/attribute_values.h"
#include "dream/attributes.h"
#include "dream/elementwise.h"
#include "dream/layout.h"
#include "dream/layout_views.h"
#include "dream/node_list.h"
#include "dream/symbolic_shapes.h"
#include "tensorflow/attr_value.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;

using tensorflow::Shape;
using Input = NetworkNode::Input;

namespace {

constexpr std::int64_t kColours = 3;
constexpr std::int64_t kAnySize = -1;

bool endsWith(std::string_view text, std::string_view end) noexcept {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// A node's new record; see LayoutViews::add.
struct Form {
  NetworkNode node;
  bool last = false;
};

class Rewriting {
 public:
  Rewriting(const std::vector<NetworkNode>& nodes, const std::vector<Shape>& weight_shapes, std::size_t input,
            bool channels_first, const Cancellation& cancellation)
      : nodes_(nodes),
        input_(input),
        channels_first_(channels_first),
        shapes_(nodes, weight_shapes, input,
                channels_first ? Shape{kAnySize, kColours, kAnySize, kAnySize}
                               : Shape{kAnySize, kAnySize, kAnySize, kColours},
                cancellation),
        list_(nodes),
        views_(nodes, shapes_, list_) {}

  ChannelsLast rewrite() {
    for (std::size_t index = 0; index < nodes_.size(); ++index) {
      const NetworkNode& old = nodes_[index];
      std::optional<Form> form = index == input_ ? picture() : formOf(old);
      from_first_.push_back(comesFromFirst(index, form));
      without_batch_.push_back(isWithoutBatch(old));
      if (form) {
        views_.add(std::move(form->node), form->last);
        continue;
      }
      NetworkNode node = copied(old, [this](std::size_t, Input from) { return first(from); });
      const bool ordered = (from_first_.back() && keepsOrder(old.op)) || givesBatch(old);
      if (ordered && rank({index, 0}) == kPictureRank) {
        views_.addBoth(std::move(node));
      } else {
        views_.add(std::move(node), false);
      }
    }
    return {list_.take(), place({input_, 0}).node};
  }

 private:
  using Rule = std::optional<Form> (Rewriting::*)(const NetworkNode&);

  static const std::unordered_map<std::string_view, Rule>& rules() {
    static const std::unordered_map<std::string_view, Rule> kRules{
        {"Concat", &Rewriting::alongAxis},     {"ConcatV2", &Rewriting::alongAxis},  {"Split", &Rewriting::alongAxis},
        {"SplitV", &Rewriting::alongAxis},     {"ReverseV2", &Rewriting::alongAxis}, {"Max", &Rewriting::reduced},
        {"Mean", &Rewriting::reduced},         {"Min", &Rewriting::reduced},         {"Prod", &Rewriting::reduced},
        {"Sum", &Rewriting::reduced},          {"MirrorPad", &Rewriting::sized},     {"Pad", &Rewriting::sized},
        {"PadV2", &Rewriting::sized},          {"Slice", &Rewriting::sized},         {"Tile", &Rewriting::sized},
        {"StridedSlice", &Rewriting::strided}, {"Shape", &Rewriting::shape},
    };
    return kRules;
  }

  // Whether a node that is computed as the network has it is made, with four axes or more all the way, of what is
  // channels first to the network.
  bool comesFromFirst(std::size_t index, const std::optional<Form>& form) const {
    const NetworkNode& old = nodes_[index];
    if ((old.op == "Transpose" && form) || rank({index, 0}) < kPictureRank) return false;
    return std::any_of(old.inputs.begin(), old.inputs.end(),
                       [this](Input from) { return isLast(from) || from_first_[from.node]; });
  }

  // Whether it is [channels, height, width] of the picture, as Network::adaptInput gives it to a network without
  // batches.
  bool isWithoutBatch(const NetworkNode& old) const {
    if (old.op == "Squeeze" && old.helper) return channels_first_ && old.inputs[0].node == input_;
    return isElementwise(old.op) &&
           std::any_of(old.inputs.begin(), old.inputs.end(), [this](Input from) { return without_batch_[from.node]; });
  }

  // Such a network makes a batch of it by itself.
  bool givesBatch(const NetworkNode& old) const {
    if (old.op != "ExpandDims" || !without_batch_[old.inputs[0].node]) return false;
    const auto axis = constantIntegers(nodes_, old.inputs.at(1).node);
    return axis && axis->values == std::vector<std::int64_t>{0};
  }

  std::optional<Form> picture() const {
    if (!channels_first_) return std::nullopt;
    NetworkNode node = nodes_[input_];
    setAttribute(node, "shape", {});
    return Form{std::move(node), true};
  }

  // Nothing where the node can stay as it is.
  std::optional<Form> formOf(const NetworkNode& old) {
    if (isText(attribute(old, "data_format"), "NCHW")) return formatted(old);
    if (old.op == "Transpose") return transposed(old);
    if (std::none_of(old.inputs.begin(), old.inputs.end(), [this](Input from) { return isLast(from); })) {
      return std::nullopt;
    }
    if (isElementwise(old.op)) return elementwise(old);
    const auto rule = rules().find(old.op);
    return rule == rules().end() ? std::nullopt : (this->*rule->second)(old);
  }

  // What has a data_format: the list attributes and the sizes among the inputs have an entry for each axis.
  std::optional<Form> formatted(const NetworkNode& old) {
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
    return Form{std::move(node), true};
  }

  std::optional<Form> transposed(const NetworkNode& old) {
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
      return Form{std::move(node), to_last};
    }
    const bool stays_last = from_last && by->values[0] == 0 && by->values[1] == 1;  // rows for columns
    if (views_.isFirst(old.inputs[0]) && !stays_last) return std::nullopt;
    if (stays_last) axes = permute(axes, kToChannelsLast);
    NetworkNode node = old;
    node.inputs = {place(old.inputs[0]), list_.constant({by->type, by->shape, axes}, old.name + "/perm")};
    return Form{std::move(node), stays_last};
  }

  std::optional<Form> elementwise(const NetworkNode& old) {
    const auto fits = [this](Input from) { return isLast(from) || rank(from) <= kPictureRank; };
    if (!std::all_of(old.inputs.begin(), old.inputs.end(), fits)) return std::nullopt;
    return Form{copied(old, [this](std::size_t, Input from) { return last(from); }), true};
  }

  std::optional<Form> alongAxis(const NetworkNode& old) {
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
    return Form{std::move(node), true};
  }

  std::optional<Form> reduced(const NetworkNode& old) {
    auto axes = constantIntegers(nodes_, old.inputs.at(1).node);
    if (!axes || !moveAxes(axes->values)) return std::nullopt;
    const bool keeps = isTrue(attribute(old, "keep_dims"), false);
    if (!keeps && !leavesOrder(axes->values)) return std::nullopt;
    NetworkNode node = old;
    node.inputs = {place(old.inputs[0]), list_.constant(*axes, old.name + "/axes")};
    return Form{std::move(node), keeps};
  }

  // Operations whose second input, of Slice the third too, has an entry for each axis.
  std::optional<Form> sized(const NetworkNode& old) {
    NetworkNode node = copied(old, [&](std::size_t at, Input from) {
      if (at == 0) return place(from);
      return at == 1 || old.op == "Slice" ? permuted(from, old) : first(from);
    });
    return Form{std::move(node), true};
  }

  std::optional<Form> strided(const NetworkNode& old) {
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
    return Form{std::move(node), true};
  }

  // The sizes in the order of channels first, without the tensor in it.
  std::optional<Form> shape(const NetworkNode& old) {
    NetworkNode sizes = old;
    sizes.inputs = {place(old.inputs[0])};
    sizes.name = list_.fresh(old.name + "/channels_last");
    return Form{gathered(old.name, list_.append(std::move(sizes)), kToChannelsFirst)};
  }

  // A list of sizes, an entry or two for each axis, in the order of channels last.
  Input permuted(Input from, const NetworkNode& user) {
    auto known = constantIntegers(nodes_, from.node);
    if (!known || known->values.size() % kPictureRank != 0) {
      return list_.append(gathered(list_.fresh(user.name + "/sizes"), first(from), kToChannelsLast));
    }
    known->values = permute(known->values, kToChannelsLast);
    return list_.constant(*known, user.name + "/sizes");
  }

  NetworkNode gathered(const std::string& name, Input from, const Permutation& permutation) {
    NetworkNode node;
    node.inputs = {from, list_.vector({permutation.begin(), permutation.end()}, name + "/order"),
                   list_.scalar(0, name + "/axis")};
    node.name = name;
    node.op = "GatherV2";
    node.groups = {0, 0, 0};
    return node;
  }

  // A copy of the node; `give` tells its new inputs.
  template <typename Give>
  NetworkNode copied(const NetworkNode& old, Give give) {
    NetworkNode node = old;
    for (std::size_t at = 0; at < old.inputs.size(); ++at) node.inputs[at] = give(at, old.inputs[at]);
    return node;
  }

  bool isLast(Input from) const { return views_.isLast(from); }
  Input place(Input from) const { return views_.place(from); }
  Input first(Input from) { return views_.first(from); }
  Input last(Input from) { return views_.last(from); }

  // A rank above any where it is not known.
  std::size_t rank(Input from) const {
    const auto known = shapes_.of(from);
    return known ? known->size() : kPictureRank + 1;
  }

  const std::vector<NetworkNode>& nodes_;
  std::size_t input_;
  bool channels_first_;
  SymbolicShapes shapes_;
  NodeList list_;
  LayoutViews views_;
  std::vector<bool> from_first_;
  std::vector<bool> without_batch_;
};

}  // namespace

ChannelsLast channelsLast(const std::vector<NetworkNode>& nodes, const std::vector<Shape>& weight_shapes,
                          std::size_t input, bool channels_first, const Cancellation& cancellation) {
  return Rewriting(nodes, weight_shapes, input, channels_first, cancellation).rewrite();
}

}  // namespace livedream
