#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "dream/engine.h"
#include "tensorflow/context.h"

namespace livedream::node {

// Writers of the objects that lib/binding/native.ts describes.

// Its layers, weightBytes and leftOut, as properties of `object`.
void writeNetwork(Napi::Object object, const Network& network);
// A tensor's values as a typed array over its memory, where this JavaScript engine allows that.
Napi::Value writePixels(Napi::Env env, tensorflow::TensorHandle tensor);
Napi::Value writeLayer(Napi::Env env, const Layer& layer);
// Puts them into the object, which it gives back.
Napi::Object writeCost(Napi::Object object, const LayersCost& cost);
Napi::Value writeTimings(Napi::Env env, const Timings& timings);
Napi::Value writeDream(Napi::Env env, DreamResult& result);
Napi::Value writeGradient(Napi::Env env, GradientResult& result);
Napi::Value writeAnswers(Napi::Env env, const std::vector<float>& answers);
// `reported_bytes` is what V8 was told of external memory.
Napi::Value writeStatistics(Napi::Env env, const Statistics& statistics, std::int64_t reported_bytes);
Napi::Value writeDevices(Napi::Env env, const std::vector<tensorflow::Device>& devices);

}  // namespace livedream::node
