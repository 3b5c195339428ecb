#include "tensorflow/status.h"

#include <algorithm>
#include <iterator>

#include "error.h"

namespace livedream::tensorflow {

namespace {

// CUDA's libraries say it within errors of other codes, such as NOT_FOUND where no algorithm of cuDNN had room:
// https://github.com/tensorflow/tensorflow/issues/60713
bool saysNoMemory(const std::string& message) {
  constexpr const char* kNames[] = {"CUDA_ERROR_OUT_OF_MEMORY", "CUBLAS_STATUS_ALLOC_FAILED",
                                    "CUDNN_STATUS_ALLOC_FAILED", "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
                                    "Out of memory while trying to allocate"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](const char* name) { return message.find(name) != std::string::npos; });
}

}  // namespace

void Status::check(const std::string& doing, const char* error_code) const {
  const TF_Code result = code();
  if (result == TF_OK) return;
  if (result == TF_RESOURCE_EXHAUSTED || saysNoMemory(message())) {
    throw Error(code::kOutOfMemory, "TensorFlow ran out of memory while " + doing + ".", message());
  }
  throw Error(error_code != nullptr ? error_code : code::kTensorflow, "TensorFlow failed while " + doing + ".",
              message());
}

}  // namespace livedream::tensorflow
