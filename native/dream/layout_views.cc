#include "dream/layout_views.h"

#include <algorithm>
#include <cstdint>

namespace livedream {

using tensorflow::Shape;
using Input = NetworkNode::Input;

void LayoutViews::add(NetworkNode node, bool last) {
  places_.push_back(list_.append(std::move(node)).node);
  last_.push_back(last);
  both_.push_back(false);
}

void LayoutViews::addBoth(NetworkNode node) {
  const std::string name = std::exchange(node.name, list_.fresh(node.name + "/channels_first"));
  node.helper = true;
  const Input first = list_.append(std::move(node));
  NetworkNode view;
  view.name = name;
  view.op = "Transpose";
  view.inputs = {first, permutation(kToChannelsLast, "channels_last/perm")};
  view.groups = {0, 0};
  first_views_[{places_.size(), 0}] = first;
  add(std::move(view), true);
  both_.back() = true;
}

bool LayoutViews::isLast(Input from) const {
  // The other outputs of a batch normalisation are vectors.
  if (from.output > 0 && nodes_[from.node].op.find("FusedBatchNorm") == 0) return false;
  return last_.at(from.node);
}

Input LayoutViews::first(Input from) {
  if (!isLast(from)) return place(from);
  const auto [view, is_new] = first_views_.try_emplace({from.node, from.output});
  if (is_new) {
    view->second = list_.helper("Transpose", nodes_[from.node].name + "/channels_first",
                                {place(from), permutation(kToChannelsFirst, "channels_first/perm")});
  }
  return view->second;
}

Input LayoutViews::last(Input from) {
  if (isLast(from)) return place(from);
  const Shape known = shapes_.of(from).value_or(Shape(kPictureRank, -1));
  if (std::all_of(known.begin(), known.end(), [](std::int64_t size) { return size == 1; })) return place(from);
  const auto [view, is_new] = last_views_.try_emplace({from.node, from.output});
  if (is_new) view->second = addLast(from, known);
  return view->second;
}

Input LayoutViews::addLast(Input from, const Shape& known) {
  const std::string name = nodes_[from.node].name + "/channels_last";
  const std::size_t rank = known.size();
  if (rank < 3) return list_.helper("ExpandDims", name, {place(from), list_.scalar(-1, name + "/axis")});
  const std::int64_t channels = known[rank - 3];
  const auto ones = static_cast<std::size_t>(std::count(known.begin(), known.end(), 1));
  if (ones == rank - 1 && channels > 1) {
    Shape wanted(rank, 1);
    wanted.back() = channels;
    return list_.helper("Reshape", name, {place(from), list_.vector(wanted, name + "/shape")});
  }
  const Input order = rank < kPictureRank ? list_.vector({1, 2, 0}, name + "/perm")
                                          : permutation(kToChannelsLast, "channels_last/perm");
  return list_.helper("Transpose", name, {place(from), order});
}

Input LayoutViews::permutation(const Permutation& of, const char* name) {
  const auto [known, is_new] = permutations_.try_emplace(of);
  if (is_new) known->second = list_.vector({of.begin(), of.end()}, name);
  return known->second;
}

}  // namespace livedream
