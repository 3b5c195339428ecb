#pragma once

#include "tensorflow/context.h"

namespace livedream {

// Where frames are computed: an eager context and a device of it, both owned elsewhere.
struct Place {
  const tensorflow::Context& context;
  const tensorflow::Device& device;
};

}  // namespace livedream
