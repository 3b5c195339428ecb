#include "dream/frame.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace livedream {

using tensorflow::Call;
using tensorflow::TF_FLOAT;
using tensorflow::TF_UINT8;

namespace {

constexpr std::int64_t kColours = 3;

// Sizes and axes stay on the host, whichever device runs.
tensorflow::EagerHandle integers(const Place& place, const std::vector<std::int32_t>& values) {
  const auto count = static_cast<std::int64_t>(values.size());
  return place.context.onHost(tensorflow::makeTensor(values, {count}).get());
}

Frame combined(const Place& place, const char* operation, const Frame& a, const Frame& b) {
  return Call(place.context, operation, place.device).input(a).input(b).result("combining pictures");
}

}  // namespace

Frame toFrame(const Place& place, const tensorflow::TF_Tensor* picture) {
  tensorflow::EagerHandle uploaded = place.context.upload(picture, place.device);
  if (tensorflow::api().TF_TensorType(picture) == TF_FLOAT) return uploaded;
  return Call(place.context, "Cast", place.device)
      .type("DstT", TF_FLOAT)
      .input(uploaded)
      .result("converting the picture");
}

tensorflow::TensorHandle toHost(const Place& place, const Frame& frame, bool floats) {
  if (floats) return tensorflow::download(frame);
  const tensorflow::Context& context = place.context;
  const tensorflow::Device& device = place.device;
  const auto scalar = [&](float value) { return context.upload(tensorflow::makeScalar(value).get(), device); };
  const Frame clipped =
      Call(context, "ClipByValue", device).input(frame).input(scalar(0)).input(scalar(255)).result("clipping");
  const Frame rounded = Call(context, "Round", device).input(clipped).result("rounding");
  const Frame bytes = Call(context, "Cast", device).type("DstT", TF_UINT8).input(rounded).result("rounding");
  return tensorflow::download(bytes);
}

Frame plainFrame(const Place& place, const Octave& size, float value) {
  const auto values = tensorflow::allocateTensor(TF_FLOAT, {size.height, size.width, kColours});
  auto* first = tensorflow::dataOf<float>(values.get());
  std::fill(first, first + size.height * size.width * kColours, value);
  return place.context.upload(values.get(), place.device);
}

Frame resize(const Place& place, const Frame& frame, const Octave& size) {
  const tensorflow::Context& context = place.context;
  const tensorflow::Device& device = place.device;
  const auto height = static_cast<std::int32_t>(size.height);
  const auto width = static_cast<std::int32_t>(size.width);
  const Frame batch =
      Call(context, "ExpandDims", device).input(frame).input(integers(place, {0})).result("preparing a resize");
  const Frame resized = Call(context, "ResizeBilinear", device)
                            .boolean("half_pixel_centers", true)
                            .input(batch)
                            .input(integers(place, {height, width}))
                            .result("resizing a picture");
  return Call(context, "Reshape", device)
      .input(resized)
      .input(integers(place, {height, width, kColours}))
      .result("resizing a picture");
}

Frame copied(const Place& place, const Frame& frame) {
  return Call(place.context, "DeepCopy", place.device).input(frame).result("copying a picture");
}

Frame add(const Place& place, const Frame& a, const Frame& b) { return combined(place, "AddV2", a, b); }

Frame subtract(const Place& place, const Frame& a, const Frame& b) { return combined(place, "Sub", a, b); }

}  // namespace livedream
