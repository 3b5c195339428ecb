#pragma once

#include "tensorflow/context.h"

namespace livedream::tensorflow {

// A handle of another context to the memory of `handle` on the same device, without a copy. The memory stays
// the first handle's, which must outlive the new one and all that is computed from it.
EagerHandle shareInto(const Context& context, const Device& device, const EagerHandle& handle, const Shape& shape,
                      TF_DataType type);
// Of float32, and the handle's own shape.
EagerHandle shareInto(const Context& context, const Device& device, const EagerHandle& handle);

Shape shapeOf(const EagerHandle& handle);

}  // namespace livedream::tensorflow
