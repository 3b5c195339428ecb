#pragma once

#include "flow/brightness_pyramid.h"
#include "flow/plane.h"

namespace livedream::flow {

// Where what is seen now was before, at the size of the pyramids' largest level and in its pixels.
struct Tracking {
  Field motion;
  // 0..1, whether it was there to be seen at all: it is led back to where it came from, and looks as it did.
  Plane confidence;
  // The mean of that: near 0 where one scene was cut to another.
  float mean_confidence = 0;
};

// Both pictures are of one size. Takes all cores; any thread.
Tracking track(const BrightnessPyramid& now, const BrightnessPyramid& before);

}  // namespace livedream::flow
