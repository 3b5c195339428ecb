#include "dream/pyramid.h"

#include <utility>

namespace livedream {

Pyramid::Pyramid(const Place& place, const std::vector<Octave>& octaves, Frame picture)
    : place_(place), octaves_(octaves), details_(octaves.size()) {
  for (std::size_t octave = octaves_.size(); octave-- > 1;) {
    Frame smaller = resize(place_, picture, octaves_[octave - 1]);
    details_[octave] = subtract(place_, picture, resize(place_, smaller, octaves_[octave]));
    picture = std::move(smaller);
  }
  smallest_ = std::move(picture);
}

Frame Pyramid::grow(const Frame& before, std::size_t octave) {
  const Frame detail = std::move(details_[octave]);
  return add(place_, resize(place_, before, octaves_[octave]), detail);
}

}  // namespace livedream
