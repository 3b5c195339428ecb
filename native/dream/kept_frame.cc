#include "dream/kept_frame.h"

#include "tensorflow/status.h"

namespace livedream {

using tensorflow::api;

namespace {

constexpr std::int64_t kColours = 3;

// A handle of `place` to memory that another context of the same device owns, and keeps for as long as it is used.
Frame sharedInto(const Place& place, const Frame& frame, std::int64_t height, std::int64_t width) {
  const tensorflow::Status status;
  void* memory = api().TFE_TensorHandleDevicePointer(frame.get(), status.get());
  status.check("looking up a frame");
  const tensorflow::Shape shape{height, width, kColours};
  const auto bytes = static_cast<std::size_t>(tensorflow::elementCount(shape)) * sizeof(float);
  Frame shared(api().TFE_NewTensorHandleFromDeviceMemory(
      place.context.get(), place.device.full_name.c_str(), tensorflow::TF_FLOAT, shape.data(),
      static_cast<int>(shape.size()), memory, bytes, [](void*, std::size_t, void*) {}, nullptr, status.get()));
  status.check("sharing a frame");
  return shared;
}

}  // namespace

KeptFrame::KeptFrame(std::shared_ptr<const Home> home, Frame pixels)
    : home_(std::move(home)), pixels_(std::move(pixels)) {
  const tensorflow::Status status;
  height_ = api().TFE_TensorHandleDim(pixels_.get(), 0, status.get());
  width_ = api().TFE_TensorHandleDim(pixels_.get(), 1, status.get());
  status.check("measuring a frame");
}

Frame KeptFrame::share(const Place& place) const { return sharedInto(place, pixels_, height_, width_); }

std::shared_ptr<const KeptFrame> keep(const std::shared_ptr<const Home>& home, const Frame& frame, const Octave& size) {
  const Frame shared = sharedInto(home->place(), frame, size.height, size.width);
  Frame copy = tensorflow::Call(home->context, "DeepCopy", home->device).input(shared).result("keeping a frame");
  return std::make_shared<const KeptFrame>(home, std::move(copy));
}

Frame toFrame(const Place& place, const Picture& picture) {
  return picture.frame ? picture.frame->share(place) : toFrame(place, picture.tensor.get());
}

}  // namespace livedream
