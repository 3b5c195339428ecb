#include "dream/weights.h"

#include <cstddef>
#include <utility>

#include "tensorflow/status.h"

namespace livedream {

using tensorflow::api;

Weights::Weights(const std::vector<tensorflow::TensorHandle>& values, const tensorflow::ContextSettings& settings,
                 tensorflow::Device device)
    : home_(settings), device_(std::move(device)) {
  for (const auto& weight : values) {
    handles_.push_back(home_.upload(weight.get(), device_));
    shapes_.push_back(tensorflow::shapeOf(weight.get()));
  }
}

std::vector<tensorflow::EagerHandle> Weights::share(const tensorflow::Context& context) const {
  const tensorflow::Status status;
  std::vector<tensorflow::EagerHandle> shared;
  shared.reserve(handles_.size());
  for (std::size_t i = 0; i < handles_.size(); ++i) {
    void* memory = api().TFE_TensorHandleDevicePointer(handles_[i].get(), status.get());
    status.check("looking up a weight");
    const tensorflow::Shape& shape = shapes_[i];
    const auto bytes = static_cast<std::size_t>(tensorflow::elementCount(shape)) * sizeof(float);
    // The deallocator has nothing to do: the memory is ours.
    tensorflow::EagerHandle handle(api().TFE_NewTensorHandleFromDeviceMemory(
        context.get(), device_.full_name.c_str(), tensorflow::TF_FLOAT, shape.data(), static_cast<int>(shape.size()),
        memory, bytes, [](void*, std::size_t, void*) {}, nullptr, status.get()));
    status.check("sharing a weight");
    shared.push_back(std::move(handle));
  }
  return shared;
}

}  // namespace livedream
