#pragma once

#include <cstddef>

namespace livedream::kernels {

// From `first` to before `last`.
struct Range {
  std::size_t first = 0;
  std::size_t last = 0;

  std::size_t count() const noexcept { return last - first; }
  // The `part`-th of `parts` equal ranges of 0 to `count`.
  static Range part(std::size_t count, std::size_t part, std::size_t parts) noexcept {
    return {count * part / parts, count * (part + 1) / parts};
  }
};

}  // namespace livedream::kernels
