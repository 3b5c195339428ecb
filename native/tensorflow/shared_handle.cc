#include "tensorflow/shared_handle.h"

#include <cstddef>
#include <cstdint>

#include "tensorflow/status.h"

namespace livedream::tensorflow {

EagerHandle shareInto(const Context& context, const Device& device, const EagerHandle& handle, const Shape& shape,
                      TF_DataType type) {
  const Status status;
  void* memory = api().TFE_TensorHandleDevicePointer(handle.get(), status.get());
  status.check("looking up a tensor's memory");
  const auto bytes =
      static_cast<std::size_t>(elementCount(shape)) * (type == TF_FLOAT ? sizeof(float) : sizeof(std::uint16_t));
  // The deallocator has nothing to do: the memory is another's.
  EagerHandle shared(api().TFE_NewTensorHandleFromDeviceMemory(
      context.get(), device.full_name.c_str(), type, shape.data(), static_cast<int>(shape.size()), memory, bytes,
      [](void*, std::size_t, void*) {}, nullptr, status.get()));
  status.check("sharing a tensor");
  return shared;
}

EagerHandle shareInto(const Context& context, const Device& device, const EagerHandle& handle) {
  return shareInto(context, device, handle, shapeOf(handle), TF_FLOAT);
}

// Each call says anew whether it failed.
Shape shapeOf(const EagerHandle& handle) {
  const Status status;
  const int rank = api().TFE_TensorHandleNumDims(handle.get(), status.get());
  status.check("measuring a tensor");
  Shape shape(static_cast<std::size_t>(rank));
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    shape[axis] = api().TFE_TensorHandleDim(handle.get(), static_cast<int>(axis), status.get());
    status.check("measuring a tensor");
  }
  return shape;
}

}  // namespace livedream::tensorflow
