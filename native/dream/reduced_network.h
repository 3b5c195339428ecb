#pragma once

#include <cstddef>
#include <vector>

#include "dream/network.h"
#include "dream/plan.h"

namespace livedream {

struct ReducedNetwork {
  std::vector<NetworkNode> nodes;
  std::size_t input = 0;
  std::vector<tensorflow::TF_DataType> weight_types;
};

// The same network in less than float32: convolutions, pools, activations and what joins them compute in the mode's
// precision, all else in float32, as is what stands before the first pool, with a Cast wherever a number goes from one
// to the other. Layers keep their names and places; weights that only the former take are of their type.
ReducedNetwork reduced(const Network& network, const Mode& mode);

}  // namespace livedream
