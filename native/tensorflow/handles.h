#pragma once

#include <memory>

#include "tensorflow/library.h"

// RAII for every object of TensorFlow's C API. Each may be used and freed by one thread at a time, whichever.

namespace livedream::tensorflow {

#define LIVEDREAM_HANDLE(Name, Type, release)                               \
  struct Name##Deleter {                                                    \
    void operator()(Type* object) const noexcept { api().release(object); } \
  };                                                                        \
  using Name = std::unique_ptr<Type, Name##Deleter>;

LIVEDREAM_HANDLE(StatusHandle, TF_Status, TF_DeleteStatus)
LIVEDREAM_HANDLE(BufferHandle, TF_Buffer, TF_DeleteBuffer)
LIVEDREAM_HANDLE(TensorHandle, TF_Tensor, TF_DeleteTensor)
LIVEDREAM_HANDLE(GraphHandle, TF_Graph, TF_DeleteGraph)
LIVEDREAM_HANDLE(ImportOptionsHandle, TF_ImportGraphDefOptions, TF_DeleteImportGraphDefOptions)
LIVEDREAM_HANDLE(FunctionHandle, TF_Function, TF_DeleteFunction)
LIVEDREAM_HANDLE(SessionOptionsHandle, TF_SessionOptions, TF_DeleteSessionOptions)
LIVEDREAM_HANDLE(DeviceListHandle, TF_DeviceList, TF_DeleteDeviceList)
LIVEDREAM_HANDLE(ContextOptionsHandle, TFE_ContextOptions, TFE_DeleteContextOptions)
LIVEDREAM_HANDLE(ContextHandle, TFE_Context, TFE_DeleteContext)
LIVEDREAM_HANDLE(EagerHandle, TFE_TensorHandle, TFE_DeleteTensorHandle)
LIVEDREAM_HANDLE(EagerOpHandle, TFE_Op, TFE_DeleteOp)

// What deleting it says is lost: there is nothing to do about it.
struct SessionDeleter {
  void operator()(TF_Session* object) const noexcept {
    const StatusHandle status(api().TF_NewStatus());
    api().TF_DeleteSession(object, status.get());
  }
};
using SessionHandle = std::unique_ptr<TF_Session, SessionDeleter>;

#undef LIVEDREAM_HANDLE

}  // namespace livedream::tensorflow
