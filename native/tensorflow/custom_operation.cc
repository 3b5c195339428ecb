#include "tensorflow/custom_operation.h"

#include <new>
#include <set>

#include "error.h"
#include "tensorflow/operation_names.h"
#include "tensorflow/status.h"

namespace livedream::tensorflow {

namespace {

struct ShapeHandleDeleter {
  void operator()(TF_ShapeHandle* handle) const noexcept { api().TF_DeleteShapeHandle(handle); }
};

struct KernelBuilderDeleter {
  void operator()(TF_KernelBuilder* builder) const noexcept { api().TF_DeleteKernelBuilder(builder); }
};

// What was registered stays so. Registering it again would end the process (operations) or make TensorFlow refuse every
// node of it (kernels), so whoever tries again after a failure goes on where that was. One thread at a time.
std::set<std::string>& registered() {
  static std::set<std::string> names;
  return names;
}

// No memory stays no memory: whoever called the kernel may try with less.
void describe(const std::exception& error, const Status& status) noexcept {
  const auto* own = dynamic_cast<const Error*>(&error);
  const bool memory =
      own != nullptr ? own->is(code::kOutOfMemory) : dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
  const char* message = own != nullptr && !own->detail().empty() ? own->detail().c_str() : error.what();
  api().TF_SetStatus(status.get(), memory ? TF_RESOURCE_EXHAUSTED : TF_INTERNAL, message);
}

TensorHandle allocated(TF_Tensor* tensor, const Status& status) {
  TensorHandle handle(tensor);
  status.check("allocating a kernel's output");
  return handle;
}

}  // namespace

float KernelAttributes::number(const char* name) const {
  float value = 0;
  const Status status;
  api().TF_OpKernelConstruction_GetAttrFloat(construction_, name, &value, status.get());
  status.check("reading a kernel's attribute");
  return value;
}

int KernelAttributes::integer(const char* name) const {
  std::int32_t value = 0;
  const Status status;
  api().TF_OpKernelConstruction_GetAttrInt32(construction_, name, &value, status.get());
  status.check("reading a kernel's attribute");
  return value;
}

bool KernelAttributes::flag(const char* name) const {
  unsigned char value = 0;
  const Status status;
  api().TF_OpKernelConstruction_GetAttrBool(construction_, name, &value, status.get());
  status.check("reading a kernel's attribute");
  return value != 0;
}

TensorHandle KernelCall::input(int index) const {
  TF_Tensor* tensor = nullptr;
  const Status status;
  api().TF_GetInput(context_, index, &tensor, status.get());
  TensorHandle handle(tensor);
  status.check("reading a kernel's input");
  return handle;
}

TensorHandle KernelCall::output(int index, TF_DataType type, const Shape& shape) const {
  const auto bytes = static_cast<std::size_t>(elementCount(shape)) * elementBytes(type);
  const Status status;
  return allocated(
      api().TF_AllocateOutput(context_, index, type, shape.data(), static_cast<int>(shape.size()), bytes, status.get()),
      status);
}

TensorHandle KernelCall::output(int index, const TF_Tensor* like) const {
  return output(index, api().TF_TensorType(like), shapeOf(like));
}

TensorHandle KernelCall::outputInPlace(int index, const TF_Tensor* like, const std::vector<int>& candidates) const {
  const Shape shape = shapeOf(like);
  int forwarded = -1;
  const Status status;
  return allocated(
      api().TF_ForwardInputOrAllocateOutput(context_, candidates.data(), static_cast<int>(candidates.size()), index,
                                            shape.data(), static_cast<int>(shape.size()), &forwarded, status.get()),
      status);
}

namespace custom {

void registerOperation(const CustomOperation& operation, Infer infer) {
  if (registered().count(operation.name) > 0) return;
  TF_OpDefinitionBuilder* builder = api().TF_NewOpDefinitionBuilder(registeredName(operation.name).c_str());
  for (const std::string& each : operation.attributes) api().TF_OpDefinitionBuilderAddAttr(builder, each.c_str());
  for (const std::string& each : operation.inputs) api().TF_OpDefinitionBuilderAddInput(builder, each.c_str());
  for (const std::string& each : operation.outputs) api().TF_OpDefinitionBuilderAddOutput(builder, each.c_str());
  api().TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, infer);
  const Status status;
  api().TF_RegisterOpDefinition(builder, status.get());  // which frees the builder
  status.check("registering " + operation.name);
  registered().insert(operation.name);
}

void registerKernel(const std::string& operation, TF_DataType type, Create create, Compute compute, Remove remove) {
  const std::string kernel = operation + " of type " + std::to_string(type);
  if (registered().count(kernel) > 0) return;
  const Status status;
  const std::string name = registeredName(operation);
  std::unique_ptr<TF_KernelBuilder, KernelBuilderDeleter> builder(
      api().TF_NewKernelBuilder(name.c_str(), "CPU", create, compute, remove));
  api().TF_KernelBuilder_TypeConstraint(builder.get(), "T", type, status.get());
  status.check("registering the kernel of " + operation);
  api().TF_RegisterKernelBuilder(name.c_str(), builder.release(), status.get());  // which frees the builder
  status.check("registering the kernel of " + operation);
  registered().insert(kernel);
}

int inputsOf(TF_ShapeInferenceContext* context) noexcept {
  return static_cast<int>(api().TF_ShapeInferenceContextNumInputs(context));
}

void giveNoShapes(TF_ShapeInferenceContext* context, TF_Status* status) {
  api().TF_ShapeInferenceContextSetUnknownShape(context, status);
}

void giveShape(TF_ShapeInferenceContext* context, int input, int output, TF_Status* status) {
  const std::unique_ptr<TF_ShapeHandle, ShapeHandleDeleter> shape(api().TF_NewShapeHandle());
  api().TF_ShapeInferenceContextGetInput(context, input, shape.get(), status);
  if (api().TF_GetCode(status) == TF_OK) api().TF_ShapeInferenceContextSetOutput(context, output, shape.get(), status);
}

void fail(TF_OpKernelConstruction* construction, const std::exception& error) noexcept {
  const Status status;
  describe(error, status);
  api().TF_OpKernelConstruction_Failure(construction, status.get());
}

void fail(TF_OpKernelContext* context, const std::exception& error) noexcept {
  const Status status;
  describe(error, status);
  api().TF_OpKernelContext_Failure(context, status.get());
}

}  // namespace custom

}  // namespace livedream::tensorflow
