#pragma once

#include "flow/brightness_pyramid.h"
#include "flow/plane.h"

namespace livedream::flow {

// Dense inverse search at one level (Kroeger, Timofte, Dai, Van Gool 2016, "Fast optical flow using dense inverse
// search"): patches of 8 x 8 pixels of `here`, every 4 pixels, are looked for in `there` by gradient descent, from what
// `motion` says and from what their neighbours found; then each pixel takes the mean of its patches' motions, those
// that match it best most. `motion` goes from `here` to `there` and is what comes out. The order of all sums is the
// same whatever the number of threads.
void searchPatches(const BrightnessLevel& here, const BrightnessLevel& there, Field& motion);

}  // namespace livedream::flow
