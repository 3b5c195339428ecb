#include "nodes.h"

#include <algorithm>
#include <cstring>
#include <list>

#include "operations.h"
#include "tensorflow/wire_format.h"

namespace livedream::standin {

namespace {

using tensorflow::TF_Graph;
using tensorflow::WireReader;

// A node as a GraphDef has it.
struct Described {
  TF_Operation node;
  std::vector<std::string> inputs;
};

Described readNode(std::string_view bytes) {
  Described read;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == 1) read.node.name = std::string(field->bytes);
    if (field->number == 2) read.node.op = std::string(field->bytes);
    if (field->number == 3) read.inputs.emplace_back(field->bytes);
    if (field->number != 5) continue;
    const auto [key, value] = tensorflow::readMapEntry(field->bytes);
    read.node.attributes.emplace(key, value);
  }
  return read;
}

// False where an input is not there yet.
bool connect(const TF_Graph& graph, Described& described) {
  described.node.inputs.clear();
  for (const std::string& input : described.inputs) {
    if (input.front() == '^') continue;
    const std::size_t colon = input.find(':');
    const auto found = graph.by_name.find(input.substr(0, colon));
    if (found == graph.by_name.end()) return false;
    described.node.inputs.push_back(
        {found->second, colon == std::string::npos ? 0 : std::stoi(input.substr(colon + 1))});
  }
  return true;
}

// Numbers of a list in a TensorProto, of which the last stands for all that follow.
void fill(const Memory& memory, std::size_t size, const std::vector<std::uint32_t>& numbers) {
  auto* at = static_cast<char*>(memory.data());
  for (std::size_t i = 0; i * size < memory.bytes(); ++i) {
    std::memcpy(at + i * size, &numbers[std::min(i, numbers.size() - 1)], size);
  }
}

}  // namespace

void refuse(tensorflow::TF_Status* status, const Refusal& refusal) {
  status->code = refusal.code;
  status->message = refusal.message;
}

std::optional<Value> readTensor(std::string_view attribute) {
  const auto proto = attr_value::bytes(attribute, attr_value::kTensor);
  if (!proto) return std::nullopt;
  Value value;
  std::string_view content;
  std::vector<std::uint32_t> numbers;
  WireReader reader(*proto);
  while (const auto field = reader.next()) {
    if (field->number == 1) value.type = static_cast<TF_DataType>(field->value);
    if (field->number == 2) value.shape = attr_value::readShape(field->bytes).value_or(Shape());
    if (field->number == 4) content = field->bytes;
    constexpr std::uint32_t kFloats = 5;
    constexpr std::uint32_t kIntegers = 7;
    if (field->number == kFloats) {
      for (std::size_t at = 0; at + 4 <= field->bytes.size(); at += 4) {
        std::memcpy(&numbers.emplace_back(), field->bytes.data() + at, 4);
      }
    }
    if (field->number == kIntegers && !field->packed()) numbers.push_back(static_cast<std::uint32_t>(field->value));
    if (field->number == kIntegers && field->packed()) {
      WireReader packed(field->bytes);
      while (const auto number = packed.varint()) numbers.push_back(static_cast<std::uint32_t>(*number));
    }
  }
  value.memory = std::make_shared<const Memory>(bytesOf(value.type, value.shape));
  if (!content.empty()) {
    std::memcpy(value.memory->data(), content.data(), std::min(content.size(), value.memory->bytes()));
  } else if (!numbers.empty()) {
    fill(*value.memory, bytesOf(value.type), numbers);
  }
  return value;
}

std::optional<Refusal> complete(TF_Operation& node, const std::vector<int>& groups) {
  const OperationEntry* entry = findOperation(node.op);
  if (entry == nullptr) {
    return Refusal{tensorflow::TF_NOT_FOUND, "Op type not registered '" + node.op + "' in the stand-in"};
  }
  Inference inference{node.attributes, {}, {}};
  std::vector<TF_DataType> types;
  for (const TF_Output& input : node.inputs) {
    const auto index = static_cast<std::size_t>(input.index);
    if (index >= input.oper->types.size()) {
      return Refusal{tensorflow::TF_OUT_OF_RANGE, "'" + input.oper->name + "' has no such output"};
    }
    types.push_back(input.oper->types[index]);
    inference.shapes.push_back(input.oper->shapes[index]);
    inference.numbers.push_back(input.oper->constant ? integersOf(*input.oper->constant) : std::nullopt);
  }
  node.types = outputTypes(*entry, types, groups, node.attributes);
  if (node.constant) {
    node.shapes = {node.constant->shape};
    return std::nullopt;
  }
  if (entry->infer == nullptr) node.shapes = entry->rule(inference);
  node.shapes.resize(node.types.size());
  // Constants are written in one form and used in another, as sizes are.
  if (node.op == "Reshape" && node.inputs[0].oper->constant && node.shapes[0]) {
    node.constant = Value{node.types[0], *node.shapes[0], node.inputs[0].oper->constant->memory};
  }
  return entry->infer == nullptr ? std::nullopt : inferShapes(*entry, inference, node.shapes);
}

TF_Operation* place(TF_Graph& graph, TF_Operation node) {
  graph.operations.push_back(std::make_unique<TF_Operation>(std::move(node)));
  TF_Operation* placed = graph.operations.back().get();
  graph.by_name[placed->name] = placed;
  return placed;
}

std::string serializedNode(const TF_Operation& node) {
  tensorflow::WireWriter writer;
  writer.bytes(1, node.name).bytes(2, node.op);
  for (const TF_Output& input : node.inputs) {
    writer.bytes(3, input.oper->name + (input.index == 0 ? "" : ":" + std::to_string(input.index)));
  }
  const auto add = [&writer](std::string_view key, std::string_view value) {
    writer.bytes(5, tensorflow::WireWriter().bytes(1, key).bytes(2, value).message());
  };
  for (const auto& [key, value] : node.attributes) add(key, value);
  if (node.op == "Const" && node.constant && node.attributes.count("value") == 0) {
    const Value& value = *node.constant;
    const std::string_view content(static_cast<const char*>(value.memory->data()), value.memory->bytes());
    add("value", attr_value::ofContent(value.type, value.shape, content));
  }
  return writer.take();
}

std::optional<Refusal> importGraph(TF_Graph& graph, std::string_view graph_def) {
  std::list<Described> open;
  WireReader reader(graph_def);
  while (const auto field = reader.next()) {
    if (field->number == 1) open.push_back(readNode(field->bytes));
  }
  if (reader.malformed()) return Refusal{tensorflow::TF_INVALID_ARGUMENT, "Invalid GraphDef"};
  // In whatever order they come, each is placed after its inputs.
  for (bool placed = true; placed && !open.empty();) {
    placed = false;
    for (auto each = open.begin(); each != open.end();) {
      if (!connect(graph, *each)) {
        ++each;
        continue;
      }
      if (each->node.op == "Const") each->node.constant = readTensor(each->node.attributes["value"]);
      if (auto refusal = complete(each->node, {})) return refusal;
      place(graph, std::move(each->node));
      each = open.erase(each);
      placed = true;
    }
  }
  if (open.empty()) return std::nullopt;
  return Refusal{tensorflow::TF_INVALID_ARGUMENT, "'" + open.front().node.name + "' has an unknown input"};
}

}  // namespace livedream::standin
