#pragma once

#include <cstdint>

#include "dream/workspace.h"
#include "tensorflow/context.h"

namespace livedream {

// A picture on the device: float32 [height, width, 3], RGB 0..255. It belongs to the workspace that it was made on.
using Frame = tensorflow::EagerHandle;

// Up: `picture` is uint8 or float32.
Frame toFrame(const Workspace& workspace, const tensorflow::TF_Tensor* picture);
// Down: floats as they are, or bytes clipped and rounded.
tensorflow::TensorHandle toHost(const Workspace& workspace, const Frame& frame, bool floats);
// All of one value.
Frame plainFrame(const Workspace& workspace, const Octave& size, float value);

// Bilinear, half-pixel centres, no antialiasing.
Frame resize(const Workspace& workspace, const Frame& frame, const Octave& size);
Frame add(const Workspace& workspace, const Frame& a, const Frame& b);
Frame subtract(const Workspace& workspace, const Frame& a, const Frame& b);

}  // namespace livedream
