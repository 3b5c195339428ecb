#include "tensorflow/executed_node.h"

#include <set>
#include <utility>

#include "tensorflow/attr_value.h"
#include "tensorflow/status.h"
#include "tensorflow/wire_format.h"

namespace livedream::tensorflow {

namespace {

thread_local CallRecorder* recorder = nullptr;

std::string_view viewOf(const BufferHandle& buffer) noexcept {
  return {static_cast<const char*>(buffer->data), buffer->length};
}

// tensorflow/core/framework/attr_value.proto, NameAttrList
std::string nameOfFunction(std::string_view name_and_attributes) {
  constexpr std::uint32_t kName = 1;
  WireReader reader(name_and_attributes);
  while (const auto field = reader.next()) {
    if (field->number == kName) return std::string(field->bytes);
  }
  return {};
}

void addAttribute(ExecutedNode& node, std::string_view entry) {
  const auto [name, value] = readMapEntry(entry);
  std::vector<int> types = attr_value::types(value);
  if (!types.empty()) node.types[std::string(name)] = std::move(types);
  if (const auto text = attr_value::bytes(value, attr_value::kText)) node.texts[std::string(name)] = *text;
  if (const auto function = attr_value::bytes(value, attr_value::kFunction)) {
    node.calls[std::string(name)].push_back(nameOfFunction(*function));
  }
}

// A node, or the operation called by itself, which differ in where they keep the operation and the attributes:
// tensorflow/core/framework/node_def.proto and attr_value.proto.
ExecutedNode readNode(std::string_view message, std::uint32_t operation, std::uint32_t attribute) {
  ExecutedNode node;
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == operation) node.operation = std::string(field->bytes);
    if (field->number == attribute) addAttribute(node, field->bytes);
  }
  return node;
}

// tensorflow/core/framework/function.proto
std::vector<ExecutedNode> readFunction(std::string_view function_def) {
  constexpr std::uint32_t kNode = 3;
  constexpr std::uint32_t kOperation = 2;
  constexpr std::uint32_t kAttribute = 5;
  std::vector<ExecutedNode> nodes;
  WireReader reader(function_def);
  while (const auto field = reader.next()) {
    if (field->number == kNode) nodes.push_back(readNode(field->bytes, kOperation, kAttribute));
  }
  return nodes;
}

void addNodesOf(const Context& context, const std::string& function, std::set<std::string>& seen,
                std::vector<ExecutedNode>& all) {
  if (!seen.insert(function).second) return;
  const Status status;
  const BufferHandle buffer(api().TF_NewBuffer());
  api().TFE_ContextGetFunctionDef(context.get(), function.c_str(), buffer.get(), status.get());
  status.check("reading the function '" + function + "'");
  for (ExecutedNode& node : readFunction(viewOf(buffer))) {
    for (const auto& [attribute, called] : node.calls) {
      for (const std::string& each : called) addNodesOf(context, each, seen, all);
    }
    all.push_back(std::move(node));
  }
}

}  // namespace

std::vector<ExecutedNode> nodesOf(const Context& context, const std::string& function) {
  std::set<std::string> seen;
  std::vector<ExecutedNode> all;
  addNodesOf(context, function, seen, all);
  return all;
}

CallRecorder::CallRecorder() noexcept { recorder = this; }

CallRecorder::~CallRecorder() { recorder = nullptr; }

void CallRecorder::record(const TFE_Op* op) {
  if (recorder == nullptr) return;
  constexpr std::uint32_t kOperation = 1;
  constexpr std::uint32_t kAttribute = 2;
  const Status status;
  const BufferHandle buffer(api().TF_NewBuffer());
  api().TFE_OpAttrsSerialize(api().TFE_OpGetAttrs(op), buffer.get(), status.get());
  status.check("reading an operation's attributes");
  recorder->nodes_.push_back(readNode(viewOf(buffer), kOperation, kAttribute));
}

}  // namespace livedream::tensorflow
