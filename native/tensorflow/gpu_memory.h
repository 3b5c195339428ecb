#pragma once

#include <functional>

namespace livedream::tensorflow {

// TensorFlow makes the allocator of a GPU with the first context of the process that sees it, and keeps it: what part
// of the memory it may take is fixed then (GPUProcessState in tensorflow/core/common_runtime/gpu/gpu_process_state.h).
// Makes a context by `make`, which is given the part in force, and answers whether it sees a GPU; one at a time.
// `asked` is a part of the whole, 0 for whatever is in force, which is all that is free where nobody asked. Throws
// ERR_LIVEDREAM_DEVICE_UNAVAILABLE where another part is in force.
void withGpuMemory(double asked, const std::function<bool(double)>& make);

}  // namespace livedream::tensorflow
