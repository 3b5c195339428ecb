#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dream/layout.h"
#include "dream/network.h"
#include "dream/node_list.h"
#include "dream/symbolic_shapes.h"

namespace livedream {

// Where the nodes of a network are in its rewritten list, and in which layout each is computed. What is asked for in
// the other layout is transposed by a helper, once for all that use it.
class LayoutViews {
 public:
  using Input = NetworkNode::Input;

  LayoutViews(const std::vector<NetworkNode>& nodes, const SymbolicShapes& shapes, NodeList& list) noexcept
      : nodes_(nodes), shapes_(shapes), list_(list) {}

  // The next node's new record. `last`: computed channels last, while its users take it for channels first.
  void add(NetworkNode node, bool last);
  // One that is computed channels first after all: its name goes to a view in which its channels can be told apart.
  void addBoth(NetworkNode node);

  // What follows takes the old network's places and gives the new one's.

  // Whether what an input takes is computed channels last.
  bool isLast(Input from) const;
  // Whether it is computed as the network has it.
  bool isFirst(Input from) const { return !isLast(from) || both_.at(from.node); }
  // Where it is, in whichever layout.
  Input place(Input from) const { return {places_.at(from.node), from.output}; }
  // It as the network has it.
  Input first(Input from);
  // It channels last; fewer than four axes are the last of the four, as broadcasting has it.
  Input last(Input from);

 private:
  using Made = std::map<std::pair<std::size_t, int>, Input>;

  Input addLast(Input from, const tensorflow::Shape& known);
  Input permutation(const Permutation& of, const char* name);

  const std::vector<NetworkNode>& nodes_;
  const SymbolicShapes& shapes_;
  NodeList& list_;
  // For each node so far.
  std::vector<std::size_t> places_;
  std::vector<bool> last_;
  std::vector<bool> both_;
  Made first_views_;
  Made last_views_;
  std::map<Permutation, Input> permutations_;
};

}  // namespace livedream
