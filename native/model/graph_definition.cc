#include "model/graph_definition.h"

#include <charconv>
#include <cstdint>
#include <utility>

#include "error.h"
#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::WireReader;
using tensorflow::WireWriter;

namespace {

// tensorflow/core/framework/graph.proto
constexpr std::uint32_t kNode = 1;
constexpr std::uint32_t kLibrary = 2;
constexpr std::uint32_t kVersions = 4;

// tensorflow/core/framework/node_def.proto
constexpr std::uint32_t kName = 1;
constexpr std::uint32_t kOp = 2;
constexpr std::uint32_t kInput = 3;
constexpr std::uint32_t kAttribute = 5;

// An entry of a map.
constexpr std::uint32_t kKey = 1;
constexpr std::uint32_t kValue = 2;

// A node's name stands again in each message and in each name that is made of it. TensorFlow has no limit.
std::string_view checkedName(std::string_view name) {
  constexpr std::size_t kLongest = 4096;
  if (name.size() <= kLongest) return name;
  throw Error(code::kModelUnreadable, "The graph has a node whose name has " + std::to_string(name.size()) +
                                          " bytes, more than " + std::to_string(kLongest) + ".");
}

NodeDefinition readNode(std::string_view bytes) {
  NodeDefinition node;
  node.bytes = bytes;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == kName) node.name = checkedName(field->bytes);
    if (field->number == kOp) node.op = checkedName(field->bytes);
    if (field->number == kInput) node.inputs.push_back(field->bytes);
    if (field->number != kAttribute) continue;
    const auto [key, value] = tensorflow::readMapEntry(field->bytes);
    node.attributes.insert_or_assign(key, value);
  }
  return node;
}

FunctionDefinition readFunction(std::string_view bytes) {
  constexpr std::uint32_t kSignature = 1;
  constexpr std::uint32_t kBody = 3;
  constexpr std::uint32_t kResult = 4;
  FunctionDefinition function;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == kBody) function.nodes.push_back(readNode(field->bytes));
    if (field->number == kResult) {
      const auto [result, source] = tensorflow::readMapEntry(field->bytes);
      function.results.insert_or_assign(result, source);
    }
    if (field->number != kSignature) continue;
    function.signature = tensorflow::readOpDefinition(field->bytes);
    WireReader signature(field->bytes);
    while (const auto part = signature.next()) {
      if (part->number == kName) function.name = part->bytes;
    }
  }
  return function;
}

std::string written(const NodeDefinition& node) {
  WireWriter writer;
  writer.bytes(kName, node.name).bytes(kOp, node.op);
  for (const std::string_view input : node.inputs) writer.bytes(kInput, input);
  for (const auto& [key, value] : node.attributes) {
    // Notes of whoever wrote the graph ("_class", "_output_shapes") may speak of what is no longer there.
    if (key.empty() || key.front() == '_') continue;
    writer.bytes(kAttribute, WireWriter().bytes(kKey, key).bytes(kValue, value).message());
  }
  return writer.message();
}

}  // namespace

GraphDefinition::GraphDefinition(std::string_view bytes) : size_(bytes.size()) {
  constexpr std::uint32_t kFunction = 1;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == kNode) nodes.push_back(readNode(field->bytes));
    if (field->number == kVersions) versions_.push_back(field->bytes);
    if (field->number != kLibrary) continue;
    WireReader library(field->bytes);
    while (const auto entry = library.next()) {
      if (entry->number != kFunction) continue;
      FunctionDefinition function = readFunction(entry->bytes);
      functions.emplace(function.name, std::move(function));
    }
  }
  if (reader.malformed() || nodes.empty()) {
    throw Error(code::kModelUnreadable, "TensorFlow cannot read the graph: it is damaged, cut off or no GraphDef.");
  }
}

std::string_view GraphDefinition::keep(std::string text) { return kept_.emplace_back(std::move(text)); }

std::string GraphDefinition::serialized() const {
  WireWriter writer;
  writer.reserve(size_);
  for (const NodeDefinition& node : nodes) {
    // "_class" asks for the place of another node, which may be gone.
    if (node.bytes.empty() || node.attributes.count("_class") > 0) {
      writer.bytes(kNode, written(node));
    } else {
      writer.bytes(kNode, node.bytes);
    }
  }
  for (const std::string_view versions : versions_) writer.bytes(kVersions, versions);
  return writer.take();
}

std::string_view nodeOf(std::string_view input) noexcept {
  if (isControl(input)) input.remove_prefix(1);
  return input.substr(0, input.find(':'));
}

std::size_t outputOf(std::string_view input) noexcept {
  const auto colon = input.rfind(':');
  std::size_t output = 0;
  if (colon != std::string_view::npos) std::from_chars(input.data() + colon + 1, input.data() + input.size(), output);
  return output;
}

}  // namespace livedream
