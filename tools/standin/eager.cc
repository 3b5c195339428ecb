// Contexts, their devices and functions, and calls.

#include <algorithm>

#include "functions.h"
#include "operations.h"
#include "tensorflow/wire_format.h"

namespace livedream::tensorflow {

using standin::fails;
using standin::note;
using standin::Refusal;
using standin::refuse;
using standin::Value;

std::shared_ptr<const standin::FunctionBody> bodyOf(const TF_Function& function);

struct TF_DeviceList {
  std::vector<std::string> names;
  standin::Counted counted{standin::Kind::kDeviceList};
};

struct TFE_ContextOptions {
  int processors = 1;
  standin::Counted counted{standin::Kind::kContextOptions};
};

struct TFE_Context {
  int processors = 1;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<standin::Function>> functions;
  standin::Counted counted{standin::Kind::kContext};
};

struct TFE_TensorHandle {
  Value value;
  standin::Counted counted{standin::Kind::kTensorHandle};
};

struct TFE_Op {
  TFE_Context* context;
  std::string name;
  std::vector<Value> inputs;
  std::vector<int> groups;
  std::map<std::string, std::string> attributes;
  standin::Counted counted{standin::Kind::kEagerOperation};
};

namespace {

TFE_TensorHandle* handleOf(Value value) {
  auto handle = std::make_unique<TFE_TensorHandle>();
  handle->value = std::move(value);
  return handle.release();
}

std::shared_ptr<standin::Function> functionOf(TFE_Context& context, const std::string& name) {
  const std::lock_guard<std::mutex> lock(context.mutex);
  const auto found = context.functions.find(name);
  return found == context.functions.end() ? nullptr : found->second;
}

// What an operation gives that is called by itself.
std::optional<Refusal> callOperation(TFE_Op& op, std::vector<Value>& outputs) {
  const standin::OperationEntry* entry = standin::findOperation(op.name);
  if (entry == nullptr || entry->rule == nullptr) {
    return Refusal{TF_NOT_FOUND,
                   "'" + op.name + "' is neither a type of a primitive operation nor a name of a function"};
  }
  standin::Inference inference{op.attributes, {}, {}};
  std::vector<TF_DataType> types;
  for (const Value& input : op.inputs) {
    types.push_back(input.type);
    inference.shapes.emplace_back(input.shape);
    inference.numbers.push_back(standin::integersOf(input));
  }
  const std::vector<TF_DataType> found = standin::outputTypes(*entry, types, op.groups, op.attributes);
  std::vector<standin::MaybeShape> shapes = entry->rule(inference);
  shapes.resize(found.size());
  std::vector<standin::Port> ports;
  for (std::size_t i = 0; i < found.size(); ++i) ports.push_back({found[i], shapes[i]});
  return standin::makeUp(ports, outputs);
}

std::optional<Refusal> callFunction(standin::Function& function, const TFE_Op& op, std::vector<Value>& outputs) {
  const std::size_t expected = function.body().inputs;
  if (op.inputs.size() == expected) return function.call(outputs);
  return Refusal{TF_INVALID_ARGUMENT,
                 "Expected " + std::to_string(expected) + " arguments, got " + std::to_string(op.inputs.size())};
}

std::string addNodes(const standin::FunctionBody& body) {
  WireWriter writer;
  for (const standin::FunctionNode& node : body.nodes) writer.bytes(3, node.serialized);
  return writer.take();
}

}  // namespace

extern "C" {

void TF_DeleteDeviceList(TF_DeviceList* list) { const std::unique_ptr<TF_DeviceList> owned(list); }

int TF_DeviceListCount(const TF_DeviceList* list) { return static_cast<int>(list->names.size()); }

const char* TF_DeviceListName(const TF_DeviceList* list, int index, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  return list->names.at(static_cast<std::size_t>(index)).c_str();
}

const char* TF_DeviceListType(const TF_DeviceList* /*list*/, int /*index*/, TF_Status* status) {
  return fails(__func__, status) ? nullptr : "CPU";
}

std::int64_t TF_DeviceListMemoryBytes(const TF_DeviceList* /*list*/, int /*index*/, TF_Status* status) {
  constexpr std::int64_t kBytes = std::int64_t{1} << 28U;
  return fails(__func__, status) ? -1 : kBytes;
}

TFE_ContextOptions* TFE_NewContextOptions() {
  note(__func__);
  return std::make_unique<TFE_ContextOptions>().release();
}

void TFE_DeleteContextOptions(TFE_ContextOptions* options) { const std::unique_ptr<TFE_ContextOptions> owned(options); }

// Of a ConfigProto only how many devices the processor is to be.
void TFE_ContextOptionsSetConfig(TFE_ContextOptions* options, const void* config, std::size_t length,
                                 TF_Status* status) {
  if (fails(__func__, status)) return;
  WireReader reader({static_cast<const char*>(config), length});
  while (const auto field = reader.next()) {
    if (field->number != 1) continue;
    std::string_view type;
    std::uint64_t count = 0;
    WireReader entry(field->bytes);
    while (const auto part = entry.next()) {
      if (part->number == 1) type = part->bytes;
      if (part->number == 2) count = part->value;
    }
    if (type == "CPU") options->processors = static_cast<int>(count);
  }
}

TFE_Context* TFE_NewContext(const TFE_ContextOptions* options, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  auto context = std::make_unique<TFE_Context>();
  context->processors = options->processors;
  return context.release();
}

void TFE_DeleteContext(TFE_Context* context) { const std::unique_ptr<TFE_Context> owned(context); }

TF_DeviceList* TFE_ContextListDevices(TFE_Context* context, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  auto list = std::make_unique<TF_DeviceList>();
  for (int i = 0; i < context->processors; ++i) {
    list->names.push_back("/job:localhost/replica:0/task:0/device:CPU:" + std::to_string(i));
  }
  return list.release();
}

void TFE_ContextAddFunction(TFE_Context* context, TF_Function* function, TF_Status* status) {
  if (fails(__func__, status)) return;
  const auto body = bodyOf(*function);
  const std::lock_guard<std::mutex> lock(context->mutex);
  const auto [there, fresh] = context->functions.emplace(body->name, std::make_shared<standin::Function>(body));
  // The same may be added again.
  if (fresh || addNodes(there->second->body()) == addNodes(*body)) return;
  refuse(status, {TF_INVALID_ARGUMENT, "A different function of the name '" + body->name + "' is there already"});
}

void TFE_ContextGetFunctionDef(TFE_Context* context, const char* name, TF_Buffer* function_def, TF_Status* status) {
  if (fails(__func__, status)) return;
  const auto function = functionOf(*context, name);
  if (!function) return refuse(status, {TF_NOT_FOUND, std::string("no function ") + name});
  standin::give(function_def, addNodes(function->body()));
}

// One for the processor, of whatever types.
TF_Buffer* TF_GetRegisteredKernelsForOp(const char* /*op*/, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  TF_Buffer* buffer = TF_NewBuffer();
  standin::give(buffer, WireWriter().bytes(1, WireWriter().bytes(2, "CPU").message()).take());
  return buffer;
}

const TFE_OpAttrs* TFE_OpGetAttrs(const TFE_Op* op) { return reinterpret_cast<const TFE_OpAttrs*>(op); }

void TFE_OpAttrsSerialize(const TFE_OpAttrs* attributes, TF_Buffer* buffer, TF_Status* status) {
  if (fails(__func__, status)) return;
  const auto* op = reinterpret_cast<const TFE_Op*>(attributes);
  WireWriter writer;
  writer.bytes(1, op->name);
  for (const auto& [key, value] : op->attributes) {
    writer.bytes(2, WireWriter().bytes(1, key).bytes(2, value).message());
  }
  standin::give(buffer, writer.take());
}

TFE_TensorHandle* TFE_NewTensorHandle(const TF_Tensor* tensor, TF_Status* status) {
  return fails(__func__, status) ? nullptr : handleOf(tensor->value);
}

int TFE_TensorHandleNumDims(TFE_TensorHandle* handle, TF_Status* status) {
  return fails(__func__, status) ? -1 : static_cast<int>(handle->value.shape.size());
}

std::int64_t TFE_TensorHandleDim(TFE_TensorHandle* handle, int index, TF_Status* status) {
  return fails(__func__, status) ? -1 : handle->value.shape.at(static_cast<std::size_t>(index));
}

void TFE_DeleteTensorHandle(TFE_TensorHandle* handle) { const std::unique_ptr<TFE_TensorHandle> owned(handle); }

TF_Tensor* TFE_TensorHandleResolve(TFE_TensorHandle* handle, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  auto tensor = std::make_unique<TF_Tensor>();
  tensor->value = handle->value;
  return tensor.release();
}

TFE_TensorHandle* TFE_TensorHandleCopyToDevice(TFE_TensorHandle* handle, TFE_Context* /*context*/,
                                               const char* /*device*/, TF_Status* status) {
  return fails(__func__, status) ? nullptr : handleOf(handle->value);
}

void* TFE_TensorHandleDevicePointer(TFE_TensorHandle* handle, TF_Status* status) {
  return fails(__func__, status) ? nullptr : handle->value.memory->data();
}

TFE_TensorHandle* TFE_NewTensorHandleFromDeviceMemory(TFE_Context* /*context*/, const char* /*device*/,
                                                      TF_DataType type, const std::int64_t* dims, int rank, void* data,
                                                      std::size_t bytes, Deallocator deallocator, void* argument,
                                                      TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  return handleOf(
      {type, {dims, dims + rank}, std::make_shared<const standin::Memory>(data, bytes, deallocator, argument)});
}

TFE_Op* TFE_NewOp(TFE_Context* context, const char* name, TF_Status* status) {
  if (fails(__func__, status)) return nullptr;
  auto op = std::make_unique<TFE_Op>();
  op->context = context;
  op->name = name;
  return op.release();
}

void TFE_DeleteOp(TFE_Op* op) { const std::unique_ptr<TFE_Op> owned(op); }

void TFE_OpSetDevice(TFE_Op* /*op*/, const char* /*device*/, TF_Status* status) { fails(__func__, status); }

void TFE_OpAddInput(TFE_Op* op, TFE_TensorHandle* handle, TF_Status* status) {
  if (fails(__func__, status)) return;
  op->inputs.push_back(handle->value);
  op->groups.push_back(0);
}

void TFE_OpAddInputList(TFE_Op* op, TFE_TensorHandle** handles, int count, TF_Status* status) {
  if (fails(__func__, status)) return;
  for (int i = 0; i < count; ++i) op->inputs.push_back(handles[i]->value);
  op->groups.push_back(count);
}

void TFE_OpSetAttrBool(TFE_Op* op, const char* name, unsigned char value) {
  op->attributes[name] = WireWriter().varint(standin::attr_value::kBoolean, value).take();
}

void TFE_OpSetAttrString(TFE_Op* op, const char* name, const void* value, std::size_t length) {
  op->attributes[name] = standin::attr_value::ofText({static_cast<const char*>(value), length});
}

void TFE_OpSetAttrType(TFE_Op* op, const char* name, TF_DataType value) {
  op->attributes[name] = standin::attr_value::ofType(value);
}

void TFE_Execute(TFE_Op* op, TFE_TensorHandle** results, int* count, TF_Status* status) {
  if (fails(__func__, status)) return;
  const auto function = functionOf(*op->context, op->name);
  std::vector<Value> values;
  if (const auto refusal = function ? callFunction(*function, *op, values) : callOperation(*op, values)) {
    return refuse(status, {refusal->code, refusal->message + " [" + op->name + "]"});
  }
  *count = static_cast<int>(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) results[i] = handleOf(std::move(values[i]));
}

}  // extern "C"

}  // namespace livedream::tensorflow
