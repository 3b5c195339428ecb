#pragma once

#include "flow/brightness_pyramid.h"
#include "flow/plane.h"

namespace livedream::flow {

// Makes a motion from `here` to `there` smooth where nothing speaks against it: the energy of Brox, Bruhn, Papenberg,
// Weickert 2004 ("High accuracy optical flow estimation based on a theory for warping"), brightness and its slopes
// constant, each divided by how steep it is (Weinzaepfel et al. 2013, DeepFlow), solved by relaxation at one level. The
// result does not depend on the number of threads.
void refine(const BrightnessLevel& here, const BrightnessLevel& there, Field& motion);

}  // namespace livedream::flow
