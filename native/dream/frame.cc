#include "dream/frame.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "picture_shape.h"
#include "tensorflow/shared_handle.h"

namespace livedream {

using tensorflow::Call;
using tensorflow::TF_FLOAT;
using tensorflow::TF_UINT8;

namespace {

Frame combined(const Place& place, const char* operation, const Frame& a, const Frame& b) {
  return Call(place.context, operation, place.device).input(a).input(b).result("combining pictures");
}

// Rows or columns of these places.
Frame gathered(const Place& place, const Frame& frame, const std::vector<std::int32_t>& at, std::int32_t axis) {
  const auto count = static_cast<std::int64_t>(at.size());
  return Call(place.context, "GatherV2", place.device)
      .input(frame)
      .input(place.context.upload(tensorflow::makeTensor(at, {count}).get(), place.device))
      .input(place.context.onHost(tensorflow::makeTensor(std::vector<std::int32_t>{axis}, {}).get()))
      .result("resizing a picture");
}

// An axis of a picture that wraps, resized.
Frame resizedAround(const Place& place, const Frame& frame, std::int64_t from, std::int64_t to, std::int32_t axis) {
  std::vector<std::int32_t> before;
  std::vector<std::int32_t> after;
  std::vector<float> shares;
  for (std::int64_t i = 0; i < to; ++i) {
    const double at = (static_cast<double>(i) + 0.5) * static_cast<double>(from) / static_cast<double>(to) - 0.5;
    const auto first = static_cast<std::int64_t>(std::floor(at));
    before.push_back(static_cast<std::int32_t>((first + from) % from));
    after.push_back(static_cast<std::int32_t>((first + 1) % from));
    shares.push_back(static_cast<float>(at - std::floor(at)));
  }
  const tensorflow::Shape shape = axis == 1 ? tensorflow::Shape{1, to, 1, 1} : tensorflow::Shape{1, 1, to, 1};
  const Frame share = place.context.upload(tensorflow::makeTensor(shares, shape).get(), place.device);
  const Frame one = gathered(place, frame, before, axis);
  const Frame way = combined(place, "Sub", gathered(place, frame, after, axis), one);
  return combined(place, "AddV2", one, combined(place, "Mul", way, share));
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
  const tensorflow::Shape shape{size.pictures, size.height, size.width, kColours};
  const auto values = tensorflow::allocateTensor(TF_FLOAT, shape);
  auto* first = tensorflow::dataOf<float>(values.get());
  std::fill(first, first + tensorflow::elementCount(shape), value);
  return place.context.upload(values.get(), place.device);
}

Frame resize(const Place& place, const Frame& frame, const Octave& size, bool wraps) {
  if (wraps) {
    const tensorflow::Shape from = tensorflow::shapeOf(frame);
    return resizedAround(place, resizedAround(place, frame, from[1], size.height, 1), from[2], size.width, 2);
  }
  // The size stays on the host, whichever device runs.
  const std::vector<std::int32_t> sides{static_cast<std::int32_t>(size.height), static_cast<std::int32_t>(size.width)};
  return Call(place.context, "ResizeBilinear", place.device)
      .boolean("half_pixel_centers", true)
      .input(frame)
      .input(place.context.onHost(tensorflow::makeTensor(sides, {2}).get()))
      .result("resizing a picture");
}

Frame copied(const Place& place, const Frame& frame) {
  return Call(place.context, "DeepCopy", place.device).input(frame).result("copying a picture");
}

Frame joined(const Place& place, const std::vector<const Frame*>& frames) {
  return Call(place.context, "ConcatV2", place.device)
      .inputs(frames)
      .input(place.context.onHost(tensorflow::makeTensor(std::vector<std::int32_t>{0}, {}).get()))
      .result("joining pictures");
}

Frame partOf(const Place& place, const Frame& frame, const Octave& size, std::int64_t picture) {
  const auto onHost = [&](std::int64_t first, std::int64_t height, std::int64_t width, std::int64_t colours) {
    const std::vector<std::int32_t> values{static_cast<std::int32_t>(first), static_cast<std::int32_t>(height),
                                           static_cast<std::int32_t>(width), static_cast<std::int32_t>(colours)};
    return place.context.onHost(tensorflow::makeTensor(values, {4}).get());
  };
  return Call(place.context, "Slice", place.device)
      .input(frame)
      .input(onHost(picture, 0, 0, 0))
      .input(onHost(1, size.height, size.width, kColours))
      .result("taking pictures apart");
}

Frame add(const Place& place, const Frame& a, const Frame& b) { return combined(place, "AddV2", a, b); }

Frame subtract(const Place& place, const Frame& a, const Frame& b) { return combined(place, "Sub", a, b); }

}  // namespace livedream
