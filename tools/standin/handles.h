#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ledger.h"
#include "tensorflow/tensor.h"

// What the stand-in's handles are: as much of each as livedream asks for.

namespace livedream::standin {

using tensorflow::Shape;
using tensorflow::TF_DataType;
using tensorflow::TF_Operation;
using tensorflow::TF_Output;

// Memory of one or several tensors: its own, or another's with a function that gives it back.
class Memory {
 public:
  explicit Memory(std::size_t bytes);
  Memory(void* data, std::size_t bytes, tensorflow::Deallocator deallocator, void* argument) noexcept
      : data_(data), bytes_(bytes), deallocator_(deallocator), argument_(argument) {}
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;
  ~Memory();

  void* data() const noexcept { return data_; }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  void* data_;
  std::size_t bytes_;
  tensorflow::Deallocator deallocator_ = nullptr;
  void* argument_ = nullptr;
  Counted counted_{Kind::kMemory};
};

struct Value {
  TF_DataType type = tensorflow::TF_FLOAT;
  Shape shape;
  std::shared_ptr<const Memory> memory;
};

std::size_t bytesOf(TF_DataType type) noexcept;
std::size_t bytesOf(TF_DataType type, const Shape& shape);
// A made-up tensor: floats of a half, numbers of 1.
Value madeUp(TF_DataType type, const Shape& shape);
// Of int32 and int64, where there are few; nothing of others.
std::optional<std::vector<std::int64_t>> integersOf(const Value& value);

using MaybeShape = std::optional<Shape>;  // -1 for an unknown dimension

// Fills a caller's buffer with bytes of its own.
void give(tensorflow::TF_Buffer* buffer, const std::string& bytes);

}  // namespace livedream::standin

namespace livedream::tensorflow {

// What the library gives away, each function of the type that livedream takes it for.
extern "C" {
#define LIVEDREAM_DECLARE(result, name, arguments) __attribute__((visibility("default"))) result name arguments;
LIVEDREAM_TENSORFLOW_FUNCTIONS(LIVEDREAM_DECLARE)
#undef LIVEDREAM_DECLARE
}

struct TF_Status {
  TF_Code code = TF_OK;
  std::string message;
  standin::Counted counted{standin::Kind::kStatus};
};

struct TF_Tensor {
  standin::Value value;
  standin::Counted counted{standin::Kind::kTensor};
};

struct TF_Operation {
  std::string name;
  std::string op;
  std::vector<TF_Output> inputs;
  std::map<std::string, std::string> attributes;  // serialized AttrValues
  std::optional<standin::Value> constant;
  std::vector<TF_DataType> types;
  std::vector<standin::MaybeShape> shapes;
};

struct TF_OperationDescription {
  TF_Graph* graph;
  TF_Operation operation;
  std::vector<int> groups;  // of the inputs: how many a list has, 0 for one by itself
  std::string problem;      // of an attribute that was refused
  TF_Code code = TF_OK;
  standin::Counted counted{standin::Kind::kDescription};
};

struct TF_Graph {
  std::vector<std::unique_ptr<TF_Operation>> operations;
  std::map<std::string, TF_Operation*> by_name;
  standin::Counted counted{standin::Kind::kGraph};
};

}  // namespace livedream::tensorflow
