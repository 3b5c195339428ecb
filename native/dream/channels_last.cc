#include "dream/channels_last.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "dream/attribute_values.h"
#include "dream/channels_last_forms.h"
#include "dream/elementwise.h"
#include "dream/layout.h"
#include "dream/layout_views.h"
#include "dream/node_list.h"
#include "dream/symbolic_shapes.h"
#include "picture_shape.h"

namespace livedream {

using tensorflow::Shape;
using Input = NetworkNode::Input;

namespace {

constexpr std::int64_t kAnySize = -1;

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
        views_(nodes, shapes_, list_),
        forms_(nodes, shapes_, list_, views_) {}

  ChannelsLast rewrite() {
    for (std::size_t index = 0; index < nodes_.size(); ++index) {
      const NetworkNode& old = nodes_[index];
      std::optional<NodeForm> form = index == input_ ? picture() : forms_.of(old);
      from_first_.push_back(comesFromFirst(index, form));
      without_batch_.push_back(isWithoutBatch(old));
      if (form) {
        views_.add(std::move(form->node), form->last);
        continue;
      }
      NetworkNode node = old;
      for (Input& from : node.inputs) from = views_.first(from);
      const bool ordered = (from_first_.back() && keepsOrder(old.op)) || givesBatch(old);
      if (ordered && forms_.rank({index, 0}) == kPictureRank) {
        views_.addBoth(std::move(node));
      } else {
        views_.add(std::move(node), false);
      }
    }
    return {list_.take(), views_.place({input_, 0}).node};
  }

 private:
  // Whether a node that is computed as the network has it is made, with four axes or more all the way, of what is
  // channels first to the network.
  bool comesFromFirst(std::size_t index, const std::optional<NodeForm>& form) const {
    const NetworkNode& old = nodes_[index];
    if ((old.op == "Transpose" && form) || forms_.rank({index, 0}) < kPictureRank) return false;
    return std::any_of(old.inputs.begin(), old.inputs.end(),
                       [this](Input from) { return views_.isLast(from) || from_first_[from.node]; });
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

  std::optional<NodeForm> picture() const {
    if (!channels_first_) return std::nullopt;
    NetworkNode node = nodes_[input_];
    setAttribute(node, "shape", {});
    return NodeForm{std::move(node), true};
  }

  const std::vector<NetworkNode>& nodes_;
  std::size_t input_;
  bool channels_first_;
  SymbolicShapes shapes_;
  NodeList list_;
  LayoutViews views_;
  ChannelsLastForms forms_;
  std::vector<bool> from_first_;
  std::vector<bool> without_batch_;
};

}  // namespace

ChannelsLast channelsLast(const std::vector<NetworkNode>& nodes, const std::vector<Shape>& weight_shapes,
                          std::size_t input, bool channels_first, const Cancellation& cancellation) {
  return Rewriting(nodes, weight_shapes, input, channels_first, cancellation).rewrite();
}

}  // namespace livedream
