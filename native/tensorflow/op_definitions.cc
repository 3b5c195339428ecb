#include "tensorflow/op_definitions.h"

#include <utility>

#include "tensorflow/status.h"
#include "tensorflow/wire_format.h"

namespace livedream::tensorflow {

namespace {

OpArgument readArgument(std::string_view bytes) {
  constexpr std::uint32_t kName = 1;
  constexpr std::uint32_t kType = 3;
  constexpr std::uint32_t kTypeAttribute = 4;
  constexpr std::uint32_t kNumberAttribute = 5;
  constexpr std::uint32_t kTypeListAttribute = 6;
  OpArgument argument;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == kName) argument.name = std::string(field->bytes);
    if (field->number == kType) argument.type = static_cast<int>(field->value);
    if (field->number == kTypeAttribute) argument.type_attribute = std::string(field->bytes);
    if (field->number == kNumberAttribute) argument.number_attribute = std::string(field->bytes);
    if (field->number == kTypeListAttribute) argument.type_list_attribute = std::string(field->bytes);
  }
  return argument;
}

}  // namespace

OpDefinition readOpDefinition(std::string_view op_def) {
  constexpr std::uint32_t kInput = 2;
  constexpr std::uint32_t kOutput = 3;
  constexpr std::uint32_t kStateful = 17;
  OpDefinition definition;
  WireReader reader(op_def);
  while (const auto field = reader.next()) {
    if (field->number == kInput) definition.inputs.push_back(readArgument(field->bytes));
    if (field->number == kOutput) definition.outputs.push_back(readArgument(field->bytes));
    if (field->number == kStateful) definition.stateful = field->value != 0;
  }
  return definition;
}

const OpDefinition* OpDefinitions::find(std::string_view op) {
  const auto known = known_.find(op);
  if (known != known_.end()) return &known->second;
  if (missing_.find(op) != missing_.end()) return nullptr;
  const std::string name(op);
  const Status status;
  const BufferHandle buffer(api().TF_NewBuffer());
  api().TF_GraphGetOpDef(graph_.get(), name.c_str(), buffer.get(), status.get());
  if (status.code() == TF_NOT_FOUND) {
    missing_.insert(name);
    return nullptr;
  }
  status.check("looking up the operation '" + name + "'");
  const std::string_view bytes(static_cast<const char*>(buffer->data), buffer->length);
  return &known_.emplace(name, readOpDefinition(bytes)).first->second;
}

}  // namespace livedream::tensorflow
