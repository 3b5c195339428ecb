#pragma once

#include <napi.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>
#include <vector>

#include "dream/plan.h"
#include "tensorflow/tensor.h"

namespace livedream::node {

// The memory of a typed array, for as long as nothing of JavaScript runs. Readers throw a TypeError that names the
// field.
struct Bytes {
  napi_typedarray_type type = napi_uint8_array;
  std::size_t elements = 0;
  const void* data = nullptr;
  std::size_t size = 0;
};

Bytes bytesOf(const Napi::Value& value, const char* field);

// A tensor that a job, which has to be copyable, can hold.
using SharedTensor = std::shared_ptr<tensorflow::TF_Tensor>;

// A copy of a Uint8Array or Float32Array of RGB. A reference to the typed array would not keep its memory:
// ArrayBuffer.resize() and transfer() free that.
SharedTensor readPixels(const Napi::Value& value, const Octave& size);

// A copy of a Uint8Array of so many bytes.
std::vector<std::uint8_t> readBytes(const Napi::Value& value, std::size_t count);

// A copy of a Uint8Array or Float32Array of so many values, for which TensorFlow is not needed.
using Values = std::variant<std::vector<std::uint8_t>, std::vector<float>>;
Values readValues(const Napi::Value& value, std::size_t count);

}  // namespace livedream::node
