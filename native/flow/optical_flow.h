#pragma once

#include <cstddef>

#include "flow/brightness_pyramid.h"
#include "flow/plane.h"

namespace livedream::flow {

// For each pixel of `here` where it is in `there`, coarse to fine down to a level of the pyramids, 0 being the largest,
// at its size and in its pixels: patches are searched and the motion refined at every level. The pictures are of one
// size. Takes all cores; any thread.
Field findMotion(const BrightnessPyramid& here, const BrightnessPyramid& there, std::size_t level = 0);

// A motion at twice the size, or a pixel less: that of the picture.
Field doubled(const Field& motion, const Plane& like);

}  // namespace livedream::flow
