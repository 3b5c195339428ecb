#pragma once

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "tensorflow/tensor.h"

// Operations of our own, with kernels for the processor. They belong to the loaded library, as its own operations do,
// and stay registered for as long. TensorFlow calls kernels on threads of its own, several at once.

namespace livedream::tensorflow {

struct CustomOperation {
  std::string name;
  // As in TensorFlow's REGISTER_OP: "T: {float, bfloat16}", "x: T".
  std::vector<std::string> attributes;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
};

// The attributes of an operation whose kernel is made.
class KernelAttributes {
 public:
  explicit KernelAttributes(TF_OpKernelConstruction* construction) noexcept : construction_(construction) {}

  float number(const char* name) const;
  int integer(const char* name) const;
  bool flag(const char* name) const;

 private:
  TF_OpKernelConstruction* construction_;
};

// One call of a kernel.
class KernelCall {
 public:
  explicit KernelCall(TF_OpKernelContext* context) noexcept : context_(context) {}

  int inputs() const noexcept { return api().TF_NumInputs(context_); }
  TensorHandle input(int index) const;
  TensorHandle output(int index, TF_DataType type, const Shape& shape) const;
  // Of the type and the shape of another tensor.
  TensorHandle output(int index, const TF_Tensor* like) const;
  // The same in the memory of one of the inputs `candidates`, if nobody else needs what stands there.
  TensorHandle outputInPlace(int index, const TF_Tensor* like, const std::vector<int>& candidates) const;

 private:
  TF_OpKernelContext* context_;
};

// In the place of an input whose shape an output has.
constexpr int kUnknownShape = -1;

// What the templates below are made of.
namespace custom {

using Infer = void (*)(TF_ShapeInferenceContext*, TF_Status*);
using Create = void* (*)(TF_OpKernelConstruction*);
using Compute = void (*)(void*, TF_OpKernelContext*);
using Remove = void (*)(void*);

void registerOperation(const CustomOperation& operation, Infer infer);
void registerKernel(const std::string& operation, TF_DataType type, Create create, Compute compute, Remove remove);
int inputsOf(TF_ShapeInferenceContext* context) noexcept;
// Gives an output the shape of an input; all are unknown before.
void giveNoShapes(TF_ShapeInferenceContext* context, TF_Status* status);
void giveShape(TF_ShapeInferenceContext* context, int input, int output, TF_Status* status);
// With TensorFlow's own words, where what failed were calls of it.
void fail(TF_OpKernelConstruction* construction, const std::exception& error) noexcept;
void fail(TF_OpKernelContext* context, const std::exception& error) noexcept;

template <typename Kernel>
void infer(TF_ShapeInferenceContext* context, TF_Status* status) {
  const std::vector<int> like = Kernel::shapesLike(inputsOf(context));
  giveNoShapes(context, status);
  for (std::size_t output = 0; output < like.size(); ++output) {
    if (like[output] == kUnknownShape) continue;
    if (api().TF_GetCode(status) != TF_OK) return;  // which the next call would forget
    giveShape(context, like[output], static_cast<int>(output), status);
  }
}

template <typename Kernel>
void* create(TF_OpKernelConstruction* construction) {
  try {
    return std::make_unique<Kernel>(KernelAttributes(construction)).release();
  } catch (const std::exception& error) {
    fail(construction, error);
    return nullptr;
  }
}

template <typename Kernel>
void compute(void* kernel, TF_OpKernelContext* context) {
  try {
    static_cast<const Kernel*>(kernel)->compute(KernelCall(context));
  } catch (const std::exception& error) {
    fail(context, error);
  }
}

template <typename Kernel>
void remove(void* kernel) {
  const std::unique_ptr<Kernel> owned(static_cast<Kernel*>(kernel));
}

}  // namespace custom

// A `Kernel` is made from KernelAttributes, says which inputs' shapes its outputs have (`shapesLike(inputs)`), and has
// a `compute(KernelCall)` that several threads may call at once. Its operation has an attribute T of these types.
template <typename Kernel>
void registerCustom(const CustomOperation& operation, const std::vector<TF_DataType>& types) {
  custom::registerOperation(operation, custom::infer<Kernel>);
  for (const TF_DataType type : types) {
    custom::registerKernel(operation.name, type, custom::create<Kernel>, custom::compute<Kernel>,
                           custom::remove<Kernel>);
  }
}

}  // namespace livedream::tensorflow
