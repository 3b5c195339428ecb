// Statuses, buffers and tensors.

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "handles.h"

namespace livedream::standin {

namespace {

constexpr std::align_val_t kAlignment{64};  // as TensorFlow's is, which kernels may rely on

}  // namespace

Memory::Memory(std::size_t bytes) : data_(::operator new(std::max<std::size_t>(bytes, 1), kAlignment)), bytes_(bytes) {
  std::memset(data_, 0, bytes);
}

Memory::~Memory() {
  if (deallocator_ != nullptr) {
    deallocator_(data_, bytes_, argument_);
  } else {
    ::operator delete(data_, kAlignment);
  }
}

std::size_t bytesOf(TF_DataType type) noexcept {
  constexpr int kDouble = 2;
  constexpr int kInt64 = 9;
  constexpr int kBoolean = 10;
  const int number = type;
  if (number == kDouble || number == kInt64) return 8;
  if (type == tensorflow::TF_UINT8 || number == kBoolean) return 1;
  return type == tensorflow::TF_HALF || type == tensorflow::TF_BFLOAT16 ? 2 : 4;
}

std::size_t bytesOf(TF_DataType type, const Shape& shape) {
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  return count * bytesOf(type);
}

Value madeUp(TF_DataType type, const Shape& shape) {
  const auto memory = std::make_shared<const Memory>(bytesOf(type, shape));
  const std::size_t count = memory->bytes() / bytesOf(type);
  if (type == tensorflow::TF_FLOAT) std::fill_n(static_cast<float*>(memory->data()), count, 0.5F);
  if (type == tensorflow::TF_INT32) std::fill_n(static_cast<std::int32_t*>(memory->data()), count, 1);
  return {type, shape, memory};
}

std::optional<std::vector<std::int64_t>> integersOf(const Value& value) {
  constexpr int kInt64 = 9;
  constexpr std::size_t kMost = 256;
  const std::size_t count = value.memory->bytes() / bytesOf(value.type);
  if (count > kMost) return std::nullopt;
  if (value.type == tensorflow::TF_INT32) {
    const auto* first = static_cast<const std::int32_t*>(value.memory->data());
    return std::vector<std::int64_t>(first, first + count);
  }
  if (static_cast<int>(value.type) == kInt64) {
    const auto* first = static_cast<const std::int64_t*>(value.memory->data());
    return std::vector<std::int64_t>(first, first + count);
  }
  return std::nullopt;
}

void give(tensorflow::TF_Buffer* buffer, const std::string& bytes) {
  void* data = ::operator new(std::max<std::size_t>(bytes.size(), 1));
  std::memcpy(data, bytes.data(), bytes.size());
  buffer->data = data;
  buffer->length = bytes.size();
  buffer->data_deallocator = [](void* given, std::size_t /*length*/) { ::operator delete(given); };
}

}  // namespace livedream::standin

namespace livedream::tensorflow {

using standin::fails;
using standin::note;

namespace {

struct CountedBuffer : TF_Buffer {
  CountedBuffer() : TF_Buffer{nullptr, 0, nullptr} {}
  standin::Counted counted{standin::Kind::kBuffer};
};

}  // namespace

extern "C" {

const char* TF_Version() { return "2.21.0"; }

TF_Status* TF_NewStatus() {
  note(__func__);
  return std::make_unique<TF_Status>().release();
}

void TF_DeleteStatus(TF_Status* status) { const std::unique_ptr<TF_Status> owned(status); }

TF_Code TF_GetCode(const TF_Status* status) { return status->code; }

const char* TF_Message(const TF_Status* status) { return status->message.c_str(); }

void TF_SetStatus(TF_Status* status, TF_Code code, const char* message) {
  note(__func__);
  status->code = code;
  status->message = message;
}

TF_Buffer* TF_NewBuffer() {
  note(__func__);
  return std::make_unique<CountedBuffer>().release();
}

void TF_DeleteBuffer(TF_Buffer* buffer) {
  if (buffer == nullptr) return;
  if (buffer->data_deallocator != nullptr) buffer->data_deallocator(const_cast<void*>(buffer->data), buffer->length);
  const std::unique_ptr<CountedBuffer> owned(static_cast<CountedBuffer*>(buffer));
}

TF_Tensor* TF_AllocateTensor(TF_DataType type, const std::int64_t* dims, int rank, std::size_t bytes) {
  if (fails(__func__, nullptr)) return nullptr;
  auto tensor = std::make_unique<TF_Tensor>();
  tensor->value = {type, {dims, dims + rank}, std::make_shared<const standin::Memory>(bytes)};
  return tensor.release();
}

void TF_DeleteTensor(TF_Tensor* tensor) { const std::unique_ptr<TF_Tensor> owned(tensor); }

TF_DataType TF_TensorType(const TF_Tensor* tensor) { return tensor->value.type; }

int TF_NumDims(const TF_Tensor* tensor) { return static_cast<int>(tensor->value.shape.size()); }

std::int64_t TF_Dim(const TF_Tensor* tensor, int index) {
  return tensor->value.shape.at(static_cast<std::size_t>(index));
}

std::size_t TF_TensorByteSize(const TF_Tensor* tensor) { return tensor->value.memory->bytes(); }

void* TF_TensorData(const TF_Tensor* tensor) { return tensor->value.memory->data(); }

}  // extern "C"

}  // namespace livedream::tensorflow
