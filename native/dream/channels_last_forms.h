#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "dream/layout.h"
#include "dream/layout_views.h"
#include "dream/network.h"
#include "dream/node_list.h"
#include "dream/symbolic_shapes.h"

namespace livedream {

// A node's new record; see LayoutViews::add.
struct NodeForm {
  NetworkNode node;
  bool last = false;
};

// How a single node is written that takes what is channels last: with other axes, sizes and formats. What it needs
// besides goes into the list.
class ChannelsLastForms {
 public:
  ChannelsLastForms(const std::vector<NetworkNode>& nodes, const SymbolicShapes& shapes, NodeList& list,
                    LayoutViews& views) noexcept
      : nodes_(nodes), shapes_(shapes), list_(list), views_(views) {}

  // Nothing where the node can stay as it is.
  std::optional<NodeForm> of(const NetworkNode& old);

  // A rank above any where it is not known.
  std::size_t rank(NetworkNode::Input from) const;

 private:
  using Input = NetworkNode::Input;
  using Rule = std::optional<NodeForm> (ChannelsLastForms::*)(const NetworkNode&);

  static Rule ruleFor(const std::string& op);

  std::optional<NodeForm> formatted(const NetworkNode& old);
  std::optional<NodeForm> transposed(const NetworkNode& old);
  std::optional<NodeForm> elementwise(const NetworkNode& old);
  std::optional<NodeForm> alongAxis(const NetworkNode& old);
  std::optional<NodeForm> reduced(const NetworkNode& old);
  std::optional<NodeForm> sized(const NetworkNode& old);
  std::optional<NodeForm> strided(const NetworkNode& old);
  std::optional<NodeForm> shape(const NetworkNode& old);
  Input permuted(Input from, const NetworkNode& user);
  NetworkNode gathered(const std::string& name, Input from, const Permutation& permutation);

  bool isLast(Input from) const { return views_.isLast(from); }
  Input place(Input from) const { return views_.place(from); }
  Input first(Input from) { return views_.first(from); }
  Input last(Input from) { return views_.last(from); }

  const std::vector<NetworkNode>& nodes_;
  const SymbolicShapes& shapes_;
  NodeList& list_;
  LayoutViews& views_;
};

}  // namespace livedream
