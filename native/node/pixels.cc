#include "node/pixels.h"

#include <cstring>

#include "node/errors.h"
#include "node/fields.h"
#include "picture_shape.h"
#include "tensorflow/library.h"

namespace livedream::node {

// Through N-API itself: node-addon-api asks for the ArrayBuffer, which a SharedArrayBuffer is not.
Bytes bytesOf(const Napi::Value& value, const char* field) {
  if (!value.IsTypedArray()) fail(value.Env(), field, "a typed array");
  Bytes bytes;
  void* data = nullptr;
  if (napi_get_typedarray_info(value.Env(), value, &bytes.type, &bytes.elements, &data, nullptr, nullptr) != napi_ok) {
    fail(value.Env(), field, "a typed array that can be read");
  }
  bytes.data = data;
  bytes.size = bytes.elements * value.As<Napi::TypedArray>().ElementSize();
  return bytes;
}

std::vector<std::uint8_t> readBytes(const Napi::Value& value, std::size_t count) {
  const Bytes bytes = bytesOf(value, "picture");
  if (bytes.type != napi_uint8_array || bytes.size != count) fail(value.Env(), "picture", "bytes of its size");
  const auto* first = static_cast<const std::uint8_t*>(bytes.data);
  return {first, first + bytes.size};
}

Values readValues(const Napi::Value& value, std::size_t count) {
  const Bytes bytes = bytesOf(value, "picture");
  if (bytes.type != napi_uint8_array && bytes.type != napi_float32_array) {
    fail(value.Env(), "picture", "bytes or floats");
  }
  if (bytes.elements != count) fail(value.Env(), "picture", "RGB of its size");
  if (bytes.type == napi_uint8_array) return readBytes(value, count);
  std::vector<float> floats(count);
  std::memcpy(floats.data(), bytes.data, bytes.size);
  return floats;
}

SharedTensor readPixels(const Napi::Value& value, const Octave& size) {
  const tensorflow::Shape shape{size.pictures, size.height, size.width, static_cast<std::int64_t>(kColours)};
  const Bytes bytes = bytesOf(value, "picture");
  if (bytes.type != napi_uint8_array && bytes.type != napi_float32_array) {
    fail(value.Env(), "picture", "bytes or floats");
  }
  if (static_cast<std::int64_t>(bytes.elements) != tensorflow::elementCount(shape)) {
    fail(value.Env(), "picture", "RGB of its size");
  }
  if (!tensorflow::isLibraryOpen()) fail(value.Env(), "picture", "given when the library is open");
  const auto type = bytes.type == napi_uint8_array ? tensorflow::TF_UINT8 : tensorflow::TF_FLOAT;
  try {
    tensorflow::TensorHandle tensor = tensorflow::allocateTensor(type, shape);
    std::memcpy(tensorflow::api().TF_TensorData(tensor.get()), bytes.data, bytes.size);
    return tensor;
  } catch (const Error& error) {
    throw toJavaScript(value.Env(), error);
  }
}

}  // namespace livedream::node
