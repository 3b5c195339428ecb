#include "dream/kept_frame.h"

#include "tensorflow/shared_handle.h"
#include "tensorflow/status.h"

namespace livedream {

using tensorflow::api;

KeptFrame::KeptFrame(std::shared_ptr<const Home> home, Frame pixels)
    : home_(std::move(home)), pixels_(std::move(pixels)) {
  const tensorflow::Status status;
  pictures_ = api().TFE_TensorHandleDim(pixels_.get(), 0, status.get());
  height_ = api().TFE_TensorHandleDim(pixels_.get(), 1, status.get());
  width_ = api().TFE_TensorHandleDim(pixels_.get(), 2, status.get());
  status.check("measuring a frame");
}

Frame KeptFrame::share(const Place& place) const { return tensorflow::shareInto(place.context, place.device, pixels_); }

std::shared_ptr<const KeptFrame> keep(const std::shared_ptr<const Home>& home, const Frame& frame) {
  const Frame shared = tensorflow::shareInto(home->context, home->device, frame);
  return std::make_shared<const KeptFrame>(home, copied(home->place(), shared));
}

Frame toFrame(const Place& place, const Picture& picture) {
  return picture.frame ? picture.frame->share(place) : toFrame(place, picture.tensor.get());
}

}  // namespace livedream
