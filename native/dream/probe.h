#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "cancellation.h"
#include "dream/network.h"
#include "tensorflow/tensor.h"

namespace livedream {

// A picture side that every known image network takes.
constexpr std::int64_t kProbeSide = 512;

// What TensorFlow says of a network's nodes for a square picture, without computing anything.
class Probe {
 public:
  // Nodes that do not fit this size, and what depends on them, have no shape: a classifier head need not fit. Throws
  // ERR_LIVEDREAM_ABORTED.
  Probe(const Network& network, const std::vector<std::size_t>& nodes, std::int64_t side,
        const Cancellation& cancellation);

  // -1 where a dimension is unknown; nothing where the rank is, or the node does not fit.
  const std::optional<tensorflow::Shape>& shape(std::size_t node) const { return shapes_[node]; }
  // Whether this size fits it and all that it needs.
  bool fits(std::size_t node) const { return fits_[node]; }
  // Whether it is a batch of feature maps, four axes of known size, or of what a head says, two such.
  bool isLayer(std::size_t node) const;
  // Whether it is the latter.
  bool isHead(std::size_t node) const;
  bool isFloat(std::size_t node) const { return floats_[node]; }

 private:
  std::vector<std::optional<tensorflow::Shape>> shapes_;
  std::vector<bool> fits_;
  std::vector<bool> floats_;
};

}  // namespace livedream
