#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "dream/engine.h"
#include "dream/kept_frame.h"
#include "dream/network.h"
#include "dream/plan.h"
#include "tensorflow/tensor.h"

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

// A tensor that a job, which has to be copyable, can hold.
using SharedTensor = std::shared_ptr<tensorflow::TF_Tensor>;

// A copy of a Uint8Array or Float32Array of RGB. A reference to the typed array would not keep its memory:
// ArrayBuffer.resize() and transfer() free that.
SharedTensor readPixels(const Napi::Value& value, const Octave& size);

// A copy of a Uint8Array of so many bytes.
std::vector<std::uint8_t> readBytes(const Napi::Value& value, std::size_t count);

// Pixels or a frame, of the size of the plan's last octave.
Picture readPicture(const Napi::Value& value, const Plan& plan);

// `uint8`, `float32` or `frame`.
Plan::Output readOutput(Napi::Env env, const std::string& name);

}  // namespace livedream::node
