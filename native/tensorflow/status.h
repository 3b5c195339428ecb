#pragma once

#include <string>

#include "tensorflow/handles.h"

namespace livedream::tensorflow {

// The status argument of a call, and the way from TensorFlow's errors to ours:
//   Status status;
//   api().TF_Something(..., status.get());
//   status.check("doing something");
class Status {
 public:
  Status() : handle_(api().TF_NewStatus()) {}

  TF_Status* get() const noexcept { return handle_.get(); }
  bool ok() const noexcept { return code() == TF_OK; }
  TF_Code code() const noexcept { return api().TF_GetCode(handle_.get()); }
  // Whether TensorFlow says that it cannot do such a thing at all, not that it failed in doing it.
  bool refused() const noexcept {
    return code() == TF_INVALID_ARGUMENT || code() == TF_NOT_FOUND || code() == TF_UNIMPLEMENTED;
  }
  std::string message() const { return api().TF_Message(handle_.get()); }

  // Throws Error: out of memory has a code of its own, anything else gets `error_code`.
  void check(const std::string& doing, const char* error_code = nullptr) const;

 private:
  StatusHandle handle_;
};

}  // namespace livedream::tensorflow
