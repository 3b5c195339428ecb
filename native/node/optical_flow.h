#pragma once

#include <napi.h>

namespace livedream::node {

// opticalFlow(now, before, width, height): what lib/binding/native.ts says of it. TensorFlow is not needed for it.
Napi::Value opticalFlow(const Napi::CallbackInfo& info);

// knownShare(now, before, width, height), in the same way.
Napi::Value knownShare(const Napi::CallbackInfo& info);

}  // namespace livedream::node
