#pragma once

#include <cstdint>
#include <vector>

#include "dream/place.h"
#include "dream/plan.h"
#include "tensorflow/context.h"

namespace livedream {

// Pictures of one size on the device, mostly a single one: float32 [pictures, height, width, 3], RGB 0..255. It belongs
// to the context that it was made in.
using Frame = tensorflow::EagerHandle;

// Up: `picture` is uint8 or float32.
Frame toFrame(const Place& place, const tensorflow::TF_Tensor* picture);
// Down: floats as they are, or bytes clipped and rounded.
tensorflow::TensorHandle toHost(const Place& place, const Frame& frame, bool floats);
// All of one value.
Frame plainFrame(const Place& place, const Octave& size, float value);

// Bilinear, half-pixel centres, no antialiasing. What wraps goes on beyond an edge with the edge across.
Frame resize(const Place& place, const Frame& frame, const Octave& size, bool wraps = false);
// In memory of its own.
Frame copied(const Place& place, const Frame& frame);
// Frames of one size one after another, as a batch takes them, and one of them again.
Frame joined(const Place& place, const std::vector<const Frame*>& frames);
Frame partOf(const Place& place, const Frame& frame, const Octave& size, std::int64_t picture);
Frame add(const Place& place, const Frame& a, const Frame& b);
Frame subtract(const Place& place, const Frame& a, const Frame& b);

}  // namespace livedream
