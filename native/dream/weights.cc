#include "dream/weights.h"

#include <cstddef>
#include <utility>

#include "tensorflow/shared_handle.h"

namespace livedream {

Weights::Weights(const std::vector<tensorflow::TensorHandle>& values, std::vector<tensorflow::TF_DataType> types,
                 std::shared_ptr<const Home> home)
    : home_(std::move(home)), types_(std::move(types)) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    tensorflow::EagerHandle weight = home_->context.upload(values[i].get(), home_->device);
    if (types_[i] != tensorflow::TF_FLOAT) {
      weight = tensorflow::Call(home_->context, "Cast", home_->device)
                   .type("DstT", types_[i])
                   .input(weight)
                   .result("converting a weight");
    }
    handles_.push_back(std::move(weight));
    shapes_.push_back(tensorflow::shapeOf(values[i].get()));
  }
}

std::vector<tensorflow::EagerHandle> Weights::share(const tensorflow::Context& context) const {
  std::vector<tensorflow::EagerHandle> shared;
  shared.reserve(handles_.size());
  for (std::size_t i = 0; i < handles_.size(); ++i) {
    shared.push_back(tensorflow::shareInto(context, home_->device, handles_[i], shapes_[i], types_[i]));
  }
  return shared;
}

}  // namespace livedream
