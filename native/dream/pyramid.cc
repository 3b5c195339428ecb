#include "dream/pyramid.h"

#include <utility>

namespace livedream {

Pyramid::Pyramid(const Place& place, const std::vector<Octave>& octaves, Frame picture, bool wraps)
    : place_(place), octaves_(octaves), wraps_(wraps), details_(octaves.size()) {
  for (std::size_t octave = octaves_.size(); octave-- > 1;) {
    Frame smaller = resize(place_, picture, octaves_[octave - 1], wraps_);
    details_[octave] = subtract(place_, picture, resize(place_, smaller, octaves_[octave], wraps_));
    picture = std::move(smaller);
  }
  smallest_ = std::move(picture);
}

Frame Pyramid::grow(const Frame& before, std::size_t octave) {
  const Frame detail = std::move(details_[octave]);
  return add(place_, resize(place_, before, octaves_[octave], wraps_), detail);
}

}  // namespace livedream
