#pragma once

#include <napi.h>

#include <cstddef>
#include <string>

#include "dream/engine.h"
#include "dream/kept_frame.h"
#include "dream/network.h"
#include "dream/plan.h"
#include "node/pixels.h"

namespace livedream::node {

// Readers of the objects that lib/binding/native.ts describes. lib/ has validated what users gave, so a wrong value
// here is a fault of ours: they throw a TypeError that names the field.

struct Settings {
  EngineSettings engine;
  std::size_t queue_limit = 0;
};
Settings readSettings(const Napi::Object& object);
// With a copy of the graph's bytes.
ModelSpec readModel(const Napi::Object& object);
// Throws where the numbers contradict each other, because memory is read by them.
Plan readPlan(const Napi::Object& object);

// Pixels or a frame, of the size of the plan's last octave.
Picture readPicture(const Napi::Value& value, const Plan& plan);

// `uint8`, `float32` or `frame`.
Plan::Output readOutput(Napi::Env env, const std::string& name);

}  // namespace livedream::node
