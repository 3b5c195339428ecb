#pragma once

#include <cstdint>
#include <optional>

#include "dream/network.h"
#include "tensorflow/graph.h"

namespace livedream {

// One direction of a pool, height or width.
struct PoolSide {
  std::int64_t size;  // of the input
  std::int64_t outputs;
  std::int64_t kernel;
  std::int64_t stride;
  std::int64_t before;  // rows or columns of padding in front
};

// How the windows of a pool lie on its input.
struct PoolWindows {
  PoolSide rows;
  PoolSide columns;

  std::int64_t taps() const noexcept { return rows.kernel * columns.kernel; }
};

// Set where `node` is a pool over the height and width of an input of this shape, channels last, whose height and width
// are known and have an output. The padding may be any that TensorFlow has.
std::optional<PoolWindows> poolWindows(const NetworkNode& node, const tensorflow::Shape& input);

}  // namespace livedream
