#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "dream/frame.h"
#include "dream/plan.h"

namespace livedream {

// A picture taken apart in octaves, on the device: the smallest, and for each larger one the detail that enlarging the
// one before it does not give. Made and used on the engine's thread for the length of one job; the octaves outlive it.
class Pyramid {
 public:
  // `picture` has the last octave's size, and wraps or does not.
  Pyramid(const Place& place, const std::vector<Octave>& octaves, Frame picture, bool wraps = false);

  Frame takeSmallest() noexcept { return std::move(smallest_); }
  // What the octave before became, enlarged to this one, with this one's detail; each once.
  Frame grow(const Frame& before, std::size_t octave);

 private:
  Place place_;
  const std::vector<Octave>& octaves_;
  bool wraps_;
  std::vector<Frame> details_;
  Frame smallest_;
};

}  // namespace livedream
