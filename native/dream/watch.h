#pragma once

#include <cstdint>
#include <functional>

#include "tensorflow/handles.h"

namespace livedream {

struct Progress {
  int octave = 0;
  int iteration = 0;
  float objective = 0;
};

// The picture as it is in the middle of a dream: uint8, on the host, of its octave's size.
struct Preview {
  int octave = 0;
  int iteration = 0;
  std::int64_t width = 0;
  std::int64_t height = 0;
  tensorflow::TensorHandle picture;
};

// Who looks at a dream while it is made, called on the engine's thread; each may be empty.
struct Watch {
  std::function<void(const Progress&)> progress;
  // Whether a preview is wanted now: fetching one waits for the device.
  std::function<bool()> wants_preview;
  std::function<void(Preview)> preview;
};

}  // namespace livedream
