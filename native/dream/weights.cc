#include "dream/weights.h"

#include <cstddef>
#include <utility>

#include "tensorflow/shared_handle.h"

namespace livedream {

Weights::Weights(const std::vector<tensorflow::TensorHandle>& values, std::shared_ptr<const Home> home)
    : home_(std::move(home)) {
  for (const auto& weight : values) {
    handles_.push_back(home_->context.upload(weight.get(), home_->device));
    shapes_.push_back(tensorflow::shapeOf(weight.get()));
  }
}

std::vector<tensorflow::EagerHandle> Weights::share(const tensorflow::Context& context) const {
  std::vector<tensorflow::EagerHandle> shared;
  shared.reserve(handles_.size());
  for (std::size_t i = 0; i < handles_.size(); ++i) {
    shared.push_back(tensorflow::shareInto(context, home_->device, handles_[i], shapes_[i]));
  }
  return shared;
}

}  // namespace livedream
