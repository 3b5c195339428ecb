#include "tensorflow/status.h"

#include "error.h"

namespace livedream::tensorflow {

void Status::check(const std::string& doing, const char* error_code) const {
  const TF_Code result = code();
  if (result == TF_OK) return;
  if (result == TF_RESOURCE_EXHAUSTED) {
    throw Error(code::kOutOfMemory, "TensorFlow ran out of memory while " + doing + ".", message());
  }
  throw Error(error_code != nullptr ? error_code : code::kTensorflow, "TensorFlow failed while " + doing + ".",
              message());
}

}  // namespace livedream::tensorflow
