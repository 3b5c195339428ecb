#include "dream/kept_frame.h"

#include "tensorflow/shared_handle.h"

namespace livedream {

KeptFrame::KeptFrame(std::shared_ptr<const Home> home, Frame pixels)
    : home_(std::move(home)), pixels_(std::move(pixels)) {
  const tensorflow::Shape shape = tensorflow::shapeOf(pixels_);
  pictures_ = shape[0];
  height_ = shape[1];
  width_ = shape[2];
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
