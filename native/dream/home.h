#pragma once

#include <utility>

#include "dream/place.h"
#include "tensorflow/context.h"

namespace livedream {

// Where what outlasts a workspace lives: a context of an engine's device. Shared by the engine's weights and its kept
// frames.
struct Home {
  Home(const tensorflow::ContextSettings& settings, tensorflow::Device its)
      : context(settings), device(std::move(its)) {}

  Place place() const noexcept { return {context, device}; }

  tensorflow::Context context;
  tensorflow::Device device;
};

}  // namespace livedream
