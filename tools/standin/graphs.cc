// Graphs and their operations.

#include <cstring>

#include "nodes.h"
#include "operations.h"

namespace livedream::tensorflow {

using standin::fails;
using standin::note;
using standin::Refusal;
using standin::refuse;

struct TF_ImportGraphDefOptions {
  standin::Counted counted{standin::Kind::kImportOptions};
};

namespace {

const standin::MaybeShape& shapeOfOutput(TF_Output output) {
  return output.oper->shapes.at(static_cast<std::size_t>(output.index));
}

TF_OperationDescription& attribute(TF_OperationDescription* description, const char* function) {
  note(function);
  return *description;
}

}  // namespace

extern "C" {

TF_Graph* TF_NewGraph() {
  note(__func__);
  return std::make_unique<TF_Graph>().release();
}

void TF_DeleteGraph(TF_Graph* graph) { const std::unique_ptr<TF_Graph> owned(graph); }

TF_ImportGraphDefOptions* TF_NewImportGraphDefOptions() {
  note(__func__);
  return std::make_unique<TF_ImportGraphDefOptions>().release();
}

void TF_DeleteImportGraphDefOptions(TF_ImportGraphDefOptions* options) {
  const std::unique_ptr<TF_ImportGraphDefOptions> owned(options);
}

void TF_GraphImportGraphDef(TF_Graph* graph, const TF_Buffer* bytes, const TF_ImportGraphDefOptions* /*options*/,
                            TF_Status* status) {
  if (fails(__func__, status)) return;
  const auto refusal = standin::importGraph(*graph, {static_cast<const char*>(bytes->data), bytes->length});
  if (refusal) refuse(status, *refusal);
}

TF_Operation* TF_GraphNextOperation(TF_Graph* graph, std::size_t* position) {
  return *position < graph->operations.size() ? graph->operations[(*position)++].get() : nullptr;
}

int TF_GraphGetTensorNumDims(TF_Graph* /*graph*/, TF_Output output, TF_Status* status) {
  if (fails(__func__, status)) return -1;
  const standin::MaybeShape& shape = shapeOfOutput(output);
  return shape ? static_cast<int>(shape->size()) : -1;
}

void TF_GraphGetTensorShape(TF_Graph* /*graph*/, TF_Output output, std::int64_t* dims, int rank, TF_Status* status) {
  if (fails(__func__, status)) return;
  const standin::MaybeShape& shape = shapeOfOutput(output);
  for (int axis = 0; axis < rank; ++axis) dims[axis] = shape->at(static_cast<std::size_t>(axis));
}

void TF_GraphGetOpDef(TF_Graph* /*graph*/, const char* op, TF_Buffer* op_def, TF_Status* status) {
  if (fails(__func__, status)) return;
  const standin::OperationEntry* entry = standin::findOperation(op);
  if (entry == nullptr) return refuse(status, {TF_NOT_FOUND, std::string("Op type not registered '") + op + "'"});
  standin::give(op_def, standin::serialized(op, *entry));
}

const char* TF_OperationName(TF_Operation* operation) { return operation->name.c_str(); }

const char* TF_OperationOpType(TF_Operation* operation) { return operation->op.c_str(); }

int TF_OperationNumInputs(TF_Operation* operation) { return static_cast<int>(operation->inputs.size()); }

TF_Output TF_OperationInput(TF_Input input) { return input.oper->inputs.at(static_cast<std::size_t>(input.index)); }

int TF_OperationNumOutputs(TF_Operation* operation) { return static_cast<int>(operation->types.size()); }

TF_DataType TF_OperationOutputType(TF_Output output) {
  return output.oper->types.at(static_cast<std::size_t>(output.index));
}

void TF_OperationToNodeDef(TF_Operation* operation, TF_Buffer* node_def, TF_Status* status) {
  if (fails(__func__, status)) return;
  standin::give(node_def, standin::serializedNode(*operation));
}

void TF_OperationGetAttrTensor(TF_Operation* operation, const char* name, TF_Tensor** value, TF_Status* status) {
  if (fails(__func__, status)) return;
  if (!operation->constant) return refuse(status, {TF_INVALID_ARGUMENT, std::string("no tensor is ") + name});
  auto tensor = std::make_unique<TF_Tensor>();
  tensor->value = *operation->constant;
  *value = tensor.release();
}

TF_OperationDescription* TF_NewOperation(TF_Graph* graph, const char* type, const char* name) {
  note(__func__);
  auto description = std::make_unique<TF_OperationDescription>();
  description->graph = graph;
  description->operation.op = type;
  description->operation.name = name;
  return description.release();
}

TF_Operation* TF_FinishOperation(TF_OperationDescription* description, TF_Status* status) {
  const std::unique_ptr<TF_OperationDescription> owned(description);
  if (fails(__func__, status)) return nullptr;
  TF_Graph& graph = *description->graph;
  TF_Operation& node = description->operation;
  if (description->code != TF_OK) {
    refuse(status, {description->code, description->problem});
    return nullptr;
  }
  if (graph.by_name.count(node.name) > 0) {
    refuse(status, {TF_INVALID_ARGUMENT, "Duplicate node name in graph: '" + node.name + "'"});
    return nullptr;
  }
  if (const auto refusal = standin::complete(node, description->groups)) {
    refuse(status, *refusal);
    return nullptr;
  }
  return standin::place(graph, std::move(node));
}

void TF_AddInput(TF_OperationDescription* description, TF_Output input) {
  description->operation.inputs.push_back(input);
  description->groups.push_back(0);
}

void TF_AddInputList(TF_OperationDescription* description, const TF_Output* inputs, int count) {
  auto& all = description->operation.inputs;
  all.insert(all.end(), inputs, inputs + count);
  description->groups.push_back(count);
}

void TF_SetAttrType(TF_OperationDescription* description, const char* name, TF_DataType value) {
  attribute(description, __func__).operation.attributes[name] = standin::attr_value::ofType(value);
}

void TF_SetAttrInt(TF_OperationDescription* description, const char* name, std::int64_t value) {
  attribute(description, __func__).operation.attributes[name] = standin::attr_value::ofInteger(value);
}

void TF_SetAttrFloat(TF_OperationDescription* description, const char* name, float value) {
  std::string bytes(1 + sizeof(value), '\x25');  // the tag of a float in an AttrValue
  std::memcpy(bytes.data() + 1, &value, sizeof(value));
  attribute(description, __func__).operation.attributes[name] = bytes;
}

void TF_SetAttrIntList(TF_OperationDescription* description, const char* name, const std::int64_t* values, int count) {
  attribute(description, __func__).operation.attributes[name] =
      standin::attr_value::ofIntegers({values, values + count});
}

void TF_SetAttrString(TF_OperationDescription* description, const char* name, const void* value, std::size_t length) {
  attribute(description, __func__).operation.attributes[name] =
      standin::attr_value::ofText({static_cast<const char*>(value), length});
}

void TF_SetAttrBool(TF_OperationDescription* description, const char* name, unsigned char value) {
  const char bytes[] = {'\x28', static_cast<char>(value)};  // the tag of a bool in an AttrValue
  attribute(description, __func__).operation.attributes[name] = std::string(bytes, sizeof(bytes));
}

void TF_SetAttrShape(TF_OperationDescription* description, const char* name, const std::int64_t* dims, int rank) {
  attribute(description, __func__).operation.attributes[name] = standin::attr_value::ofShape({dims, dims + rank});
}

// What is refused here fails TF_FinishOperation too, as with TensorFlow.
void TF_SetAttrTensor(TF_OperationDescription* description, const char* /*name*/, TF_Tensor* value, TF_Status* status) {
  if (fails(__func__, status)) {
    description->code = status->code;
    description->problem = status->message;
    return;
  }
  description->operation.constant = value->value;
}

void TF_SetAttrValueProto(TF_OperationDescription* description, const char* name, const void* value, std::size_t length,
                          TF_Status* status) {
  if (fails(__func__, status)) {
    description->code = status->code;
    description->problem = status->message;
    return;
  }
  const std::string_view bytes(static_cast<const char*>(value), length);
  TF_Operation& operation = description->operation;
  operation.attributes[name] = std::string(bytes);
  if (operation.op == "Const" && std::strcmp(name, "value") == 0) operation.constant = standin::readTensor(bytes);
}

void TF_AddGradients(TF_Graph* graph, TF_Output* /*y*/, int /*ny*/, TF_Output* x, int nx, TF_Output* /*dx*/,
                     TF_Status* status, TF_Output* dy) {
  if (fails(__func__, status)) return;
  for (int i = 0; i < nx; ++i) {
    TF_Operation node;
    node.op = "StandinGradient";
    node.name = "gradient_" + std::to_string(graph->operations.size());
    node.inputs = {x[i]};
    if (const auto refusal = standin::complete(node, {})) return refuse(status, *refusal);
    dy[i] = {standin::place(*graph, std::move(node)), 0};
  }
}

}  // extern "C"

}  // namespace livedream::tensorflow
