// Operations and kernels of livedream's own: registered, asked for shapes, and run.

#include <cstring>

#include "functions.h"
#include "operations.h"

namespace livedream::tensorflow {

using standin::fails;
using standin::note;

struct TF_OpDefinitionBuilder {
  std::string name;
  standin::OperationEntry entry;
  standin::Counted counted{standin::Kind::kOperationDefinition};
};

struct TF_ShapeHandle {
  standin::MaybeShape shape;
  standin::Counted counted{standin::Kind::kShape};
};

struct TF_ShapeInferenceContext {
  const standin::Inference& node;
  std::vector<standin::MaybeShape>& outputs;
};

struct TF_KernelBuilder {
  std::string operation;
  TF_DataType type = TF_FLOAT;
  void* (*create)(TF_OpKernelConstruction*) = nullptr;
  void (*compute)(void*, TF_OpKernelContext*) = nullptr;
  void (*remove)(void*) = nullptr;
  standin::Counted counted{standin::Kind::kKernelBuilder};
};

struct TF_OpKernelConstruction {
  const std::map<std::string, std::string>& attributes;
  std::optional<standin::Refusal> failure;
};

struct TF_OpKernelContext {
  std::vector<standin::Value> inputs;
  std::map<int, standin::Value> outputs;
  std::optional<standin::Refusal> failure;
};

namespace {

struct RegisteredKernel {
  std::string operation;
  TF_DataType type;
  void* (*create)(TF_OpKernelConstruction*);
  void (*compute)(void*, TF_OpKernelContext*);
  void (*remove)(void*);
};

struct Kernels {
  std::mutex mutex;
  std::vector<RegisteredKernel> all;
};

Kernels& kernels() {
  static auto& instance = *new Kernels;
  return instance;
}

std::optional<RegisteredKernel> kernelFor(const standin::FunctionNode& node) {
  const auto given = node.attributes.find("T");
  Kernels& known = kernels();
  const std::lock_guard<std::mutex> lock(known.mutex);
  for (const RegisteredKernel& each : known.all) {
    if (each.operation != node.op) continue;
    if (given == node.attributes.end() || standin::attr_value::types(given->second).front() == each.type) return each;
  }
  return std::nullopt;
}

// Null where the attribute is not there, which fails.
const std::string* attributeOf(TF_OpKernelConstruction* construction, const char* name, TF_Status* status) {
  const auto found = construction->attributes.find(name);
  if (found != construction->attributes.end()) return &found->second;
  status->code = TF_NOT_FOUND;
  status->message = std::string("No attr named '") + name + "'";
  return nullptr;
}

TF_Tensor* tensorOf(standin::Value value) {
  auto tensor = std::make_unique<TF_Tensor>();
  tensor->value = std::move(value);
  return tensor.release();
}

}  // namespace

extern "C" {

TF_OpDefinitionBuilder* TF_NewOpDefinitionBuilder(const char* name) {
  note(__func__);
  auto builder = std::make_unique<TF_OpDefinitionBuilder>();
  builder->name = name;
  return builder.release();
}

void TF_OpDefinitionBuilderAddAttr(TF_OpDefinitionBuilder* /*builder*/, const char* /*specification*/) {
  note(__func__);
}

void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder* builder, const char* specification) {
  builder->entry.definition.inputs.push_back(standin::parseArgument(specification));
}

void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder* builder, const char* specification) {
  builder->entry.definition.outputs.push_back(standin::parseArgument(specification));
}

void TF_OpDefinitionBuilderSetShapeInferenceFunction(TF_OpDefinitionBuilder* builder,
                                                     void (*infer)(TF_ShapeInferenceContext*, TF_Status*)) {
  builder->entry.infer = infer;
}

// TensorFlow ends the process where there is one of that name already.
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder* builder, TF_Status* status) {
  const std::unique_ptr<TF_OpDefinitionBuilder> owned(builder);
  if (fails(__func__, status)) return;
  if (standin::addOperation(builder->name, builder->entry)) return;
  status->code = static_cast<TF_Code>(6);
  status->message = "Op with name " + builder->name + " is registered already";
}

TF_ShapeHandle* TF_NewShapeHandle() {
  note(__func__);
  return std::make_unique<TF_ShapeHandle>().release();
}

void TF_DeleteShapeHandle(TF_ShapeHandle* handle) { const std::unique_ptr<TF_ShapeHandle> owned(handle); }

void TF_ShapeInferenceContextSetUnknownShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  if (fails(__func__, status)) return;
  for (standin::MaybeShape& shape : context->outputs) shape.reset();
}

std::int64_t TF_ShapeInferenceContextNumInputs(TF_ShapeInferenceContext* context) {
  return static_cast<std::int64_t>(context->node.shapes.size());
}

void TF_ShapeInferenceContextGetInput(TF_ShapeInferenceContext* context, int index, TF_ShapeHandle* handle,
                                      TF_Status* status) {
  if (fails(__func__, status)) return;
  handle->shape = context->node.shapes.at(static_cast<std::size_t>(index));
}

void TF_ShapeInferenceContextSetOutput(TF_ShapeInferenceContext* context, int index, TF_ShapeHandle* handle,
                                       TF_Status* status) {
  if (fails(__func__, status)) return;
  context->outputs.at(static_cast<std::size_t>(index)) = handle->shape;
}

TF_KernelBuilder* TF_NewKernelBuilder(const char* operation, const char* /*device*/,
                                      void* (*create)(TF_OpKernelConstruction*),
                                      void (*compute)(void*, TF_OpKernelContext*), void (*remove)(void*)) {
  note(__func__);
  auto builder = std::make_unique<TF_KernelBuilder>();
  builder->operation = operation;
  builder->create = create;
  builder->compute = compute;
  builder->remove = remove;
  return builder.release();
}

void TF_DeleteKernelBuilder(TF_KernelBuilder* builder) { const std::unique_ptr<TF_KernelBuilder> owned(builder); }

void TF_KernelBuilder_TypeConstraint(TF_KernelBuilder* builder, const char* /*attribute*/, TF_DataType type,
                                     TF_Status* status) {
  if (fails(__func__, status)) return;
  builder->type = type;
}

// Takes the builder, also where it fails.
void TF_RegisterKernelBuilder(const char* /*name*/, TF_KernelBuilder* builder, TF_Status* status) {
  const std::unique_ptr<TF_KernelBuilder> owned(builder);
  if (fails(__func__, status)) return;
  Kernels& known = kernels();
  const std::lock_guard<std::mutex> lock(known.mutex);
  for (const RegisteredKernel& each : known.all) {
    if (each.operation != builder->operation || each.type != builder->type) continue;
    // TensorFlow takes it and refuses every node of the operation from then on.
    status->code = static_cast<TF_Code>(6);
    status->message = "Multiple OpKernel registrations match " + builder->operation;
    return;
  }
  known.all.push_back({builder->operation, builder->type, builder->create, builder->compute, builder->remove});
}

void TF_OpKernelConstruction_Failure(TF_OpKernelConstruction* construction, TF_Status* status) {
  construction->failure = standin::Refusal{status->code, status->message};
}

void TF_OpKernelConstruction_GetAttrFloat(TF_OpKernelConstruction* construction, const char* name, float* value,
                                          TF_Status* status) {
  if (fails(__func__, status)) return;
  const std::string* found = attributeOf(construction, name, status);
  if (found == nullptr) return;
  const auto bits =
      static_cast<std::uint32_t>(standin::attr_value::number(*found, standin::attr_value::kFloat).value_or(0));
  std::memcpy(value, &bits, sizeof(*value));
}

void TF_OpKernelConstruction_GetAttrInt32(TF_OpKernelConstruction* construction, const char* name, std::int32_t* value,
                                          TF_Status* status) {
  if (fails(__func__, status)) return;
  const std::string* found = attributeOf(construction, name, status);
  if (found == nullptr) return;
  *value = static_cast<std::int32_t>(standin::attr_value::number(*found, standin::attr_value::kInteger).value_or(0));
}

void TF_OpKernelConstruction_GetAttrBool(TF_OpKernelConstruction* construction, const char* name, unsigned char* value,
                                         TF_Status* status) {
  if (fails(__func__, status)) return;
  const std::string* found = attributeOf(construction, name, status);
  if (found == nullptr) return;
  *value = standin::attr_value::number(*found, standin::attr_value::kBoolean).value_or(0) != 0 ? 1 : 0;
}

void TF_OpKernelContext_Failure(TF_OpKernelContext* context, TF_Status* status) {
  context->failure = standin::Refusal{status->code, status->message};
}

int TF_NumInputs(TF_OpKernelContext* context) { return static_cast<int>(context->inputs.size()); }

void TF_GetInput(TF_OpKernelContext* context, int index, TF_Tensor** tensor, TF_Status* status) {
  if (fails(__func__, status)) return;
  *tensor = tensorOf(context->inputs.at(static_cast<std::size_t>(index)));
}

TF_Tensor* TF_AllocateOutput(TF_OpKernelContext* context, int index, TF_DataType type, const std::int64_t* dims,
                             int rank, std::size_t bytes, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  const standin::Value value{type, {dims, dims + rank}, std::make_shared<const standin::Memory>(bytes)};
  return tensorOf(context->outputs[index] = value);
}

// Forwards where it may, so that kernels are run in place.
TF_Tensor* TF_ForwardInputOrAllocateOutput(TF_OpKernelContext* context, const int* candidates, int count, int index,
                                           const std::int64_t* dims, int rank, int* forwarded, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  const standin::Shape shape(dims, dims + rank);
  const TF_DataType type = context->inputs.at(0).type;
  standin::Value value;
  for (int i = 0; i < count && !value.memory; ++i) {
    const standin::Value& input = context->inputs.at(static_cast<std::size_t>(candidates[i]));
    if (input.shape != shape) continue;
    *forwarded = candidates[i];
    value = input;
  }
  if (!value.memory) value = {type, shape, std::make_shared<const standin::Memory>(standin::bytesOf(type, shape))};
  return tensorOf(context->outputs[index] = value);
}

}  // extern "C"

}  // namespace livedream::tensorflow

namespace livedream::standin {

std::optional<Refusal> inferShapes(const OperationEntry& entry, const Inference& node,
                                   std::vector<MaybeShape>& outputs) {
  tensorflow::TF_ShapeInferenceContext context{node, outputs};
  tensorflow::TF_Status status;
  entry.infer(&context, &status);
  if (status.code == tensorflow::TF_OK) return std::nullopt;
  return Refusal{status.code, status.message};
}

std::optional<Refusal> Kernel::make(const FunctionNode& node, std::unique_ptr<Kernel>& made) {
  const auto registered = tensorflow::kernelFor(node);
  if (!registered) return std::nullopt;
  tensorflow::TF_OpKernelConstruction construction{node.attributes, std::nullopt};
  void* kernel = registered->create(&construction);
  if (construction.failure) return construction.failure;
  made = std::make_unique<Kernel>(kernel, registered->compute, registered->remove);
  return std::nullopt;
}

std::optional<Refusal> Kernel::run(const FunctionNode& node, std::map<Source, Value>& results) const {
  tensorflow::TF_OpKernelContext context;
  if (auto refusal = gather(node.inputs, node.sources, results, context.inputs)) return refusal;
  compute_(kernel_, &context);
  for (auto& [index, value] : context.outputs) results[{node.name, index}] = std::move(value);
  return context.failure;
}

}  // namespace livedream::standin
