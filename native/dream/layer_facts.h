#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dream/network.h"
#include "dream/probe.h"

namespace livedream {

// Finds out about layers by shape inference for squares of several sizes, each of which is looked at once for all
// layers that are asked about. Owns neither the network nor the cancellation. One thread.
class LayerFacts {
 public:
  // `nodes` are those that the layers need.
  LayerFacts(const Network& network, std::vector<std::size_t> nodes, const Cancellation& cancellation)
      : network_(network), nodes_(std::move(nodes)), cancellation_(cancellation) {}

  // Stride, least picture and cost. Throws ERR_LIVEDREAM_LAYER_UNKNOWN, ERR_LIVEDREAM_ABORTED, or
  // ERR_LIVEDREAM_MODEL_UNREADABLE where a size cannot be told before the graph runs.
  Layer of(const LayerSummary& summary);
  // What it takes to compute these nodes forward and back. Throws the latter.
  LayersCost cost(const std::vector<std::size_t>& needed);

 private:
  const Probe& at(std::int64_t side);
  std::int64_t leastSize(std::size_t layer);
  std::int64_t stride(const std::vector<std::size_t>& needed);
  double activationBytes(const std::vector<std::size_t>& needed, std::int64_t side);

  const Network& network_;
  std::vector<std::size_t> nodes_;
  const Cancellation& cancellation_;
  std::map<std::int64_t, Probe> probes_;  // by the picture's side
};

}  // namespace livedream
