#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "dream/network.h"

namespace livedream {

// Networks stored in float16 or bfloat16 are computed in float32: every type attribute says so. (Their constants were
// widened when they were read.)
void widenTypes(std::vector<NetworkNode>& nodes);

// An input of integers (uint8, as object detectors take) becomes one of float32, with the nodes that only move its
// values about, up to the Cast that makes them floats: so a gradient reaches the picture. Those are no layers. Nodes
// that compute with the integers are added to `left_out`, with the reason to follow "it needs".
void takeFloats(std::vector<NetworkNode>& nodes, std::size_t input, std::map<std::string, std::string>& left_out);

}  // namespace livedream
