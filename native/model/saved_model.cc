#include "model/saved_model.h"

#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "error.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/wire_format.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::WireReader;

namespace {

constexpr const char* kServing = "serve";  // tensorflow/cc/saved_model/tag_constants.h
constexpr const char* kDefaultSignature = "serving_default";
constexpr std::string_view kInitializer = "__saved_model_init_op";

[[noreturn]] void refuse(const std::string& why) {
  throw Error(code::kModelUnreadable, "The SavedModel cannot be read: " + why + ".");
}

std::string textOf(std::string_view message, std::uint32_t number) {
  std::string text;
  WireReader reader(message);
  while (const auto field = reader.next()) {
    if (field->number == number) text = std::string(field->bytes);
  }
  return text;
}

// tensorflow/core/protobuf/meta_graph.proto: SignatureDef, with the names of its TensorInfos.
Signature signatureOf(std::string_view bytes) {
  constexpr std::uint32_t kInputs = 1;
  constexpr std::uint32_t kOutputs = 2;
  constexpr std::uint32_t kTensorName = 1;
  const auto [name, definition] = tensorflow::readMapEntry(bytes);
  Signature signature;
  signature.name = std::string(name);
  WireReader reader(definition);
  while (const auto field = reader.next()) {
    if (field->number != kInputs && field->number != kOutputs) continue;
    const auto [key, tensor] = tensorflow::readMapEntry(field->bytes);
    (field->number == kInputs ? signature.inputs : signature.outputs)[std::string(key)] = textOf(tensor, kTensorName);
  }
  return signature;
}

bool serves(std::string_view meta_graph) {
  constexpr std::uint32_t kMetaInfo = 1;
  constexpr std::uint32_t kTags = 4;
  bool found = false;
  WireReader reader(meta_graph);
  while (const auto field = reader.next()) {
    if (field->number != kMetaInfo) continue;
    WireReader info(field->bytes);
    while (const auto part = info.next()) found = found || (part->number == kTags && part->bytes == kServing);
  }
  return found;
}

SavedModel readMetaGraph(std::string_view bytes) {
  constexpr std::uint32_t kGraph = 2;
  constexpr std::uint32_t kSaver = 3;
  constexpr std::uint32_t kSignatures = 5;
  constexpr std::uint32_t kRestoreOperation = 3;
  SavedModel model;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number == kGraph) model.graph = field->bytes;
    if (field->number == kSignatures) model.signatures.push_back(signatureOf(field->bytes));
    if (field->number != kSaver) continue;
    WireReader saver(field->bytes);
    while (const auto part = saver.next()) {
      if (part->number == kRestoreOperation) model.restore_operation = part->bytes;
    }
  }
  if (reader.malformed()) refuse("it is damaged or cut off");
  return model;
}

// tensorflow/core/framework/tensor.proto: the strings of a constant.
std::vector<std::string> textsOf(const NodeDefinition& constant) {
  constexpr std::uint32_t kTexts = 8;
  std::vector<std::string> texts;
  WireReader reader(attr_value::bytes(constant.attribute("value"), attr_value::kTensor).value_or(""));
  while (const auto field = reader.next()) {
    if (field->number == kTexts) texts.emplace_back(field->bytes);
  }
  return texts;
}

// Follows nodes that hand their first input on.
const NodeDefinition* source(const std::map<std::string_view, const NodeDefinition*>& nodes, std::string_view& input) {
  constexpr int kMostSteps = 64;
  for (int steps = 0; steps < kMostSteps; ++steps) {
    const auto found = nodes.find(nodeOf(input));
    if (found == nodes.end()) return nullptr;
    if (found->second->op != "Identity" || found->second->inputs.empty()) return found->second;
    input = found->second->inputs.front();
  }
  return nullptr;
}

}  // namespace

SavedModel readSavedModel(std::string_view bytes) {
  constexpr std::uint32_t kMetaGraph = 2;
  std::optional<SavedModel> found;
  bool any = false;
  WireReader reader(bytes);
  while (const auto field = reader.next()) {
    if (field->number != kMetaGraph) continue;
    any = true;
    if (!found && serves(field->bytes)) found = readMetaGraph(field->bytes);
  }
  if (reader.malformed()) refuse("its saved_model.pb is damaged or cut off");
  if (!found)
    refuse(any ? "it has no graph with the tag 'serve', so it was saved for training only; save it for serving"
               : "its saved_model.pb holds no graph");
  return std::move(*found);
}

const Signature& chooseSignature(const SavedModel& model, const std::string& name) {
  std::string names;
  const Signature* only = nullptr;
  std::size_t count = 0;
  for (const Signature& signature : model.signatures) {
    if (signature.name == kInitializer || signature.outputs.empty()) continue;
    if (signature.name == (name.empty() ? kDefaultSignature : name)) return signature;
    names += (names.empty() ? "'" : ", '") + signature.name + "'";
    only = &signature;
    ++count;
  }
  if (name.empty() && count == 1) return *only;
  if (count == 0) refuse("it has no signature that gives a result; export it with one, as Keras's model.export() does");
  if (count == 1) refuse("it has no signature '" + name + "', only " + names);
  refuse(name.empty()
             ? "it has several signatures, none of them 'serving_default': choose one of " + names + " with `signature`"
             : "it has no signature '" + name + "'; choose one of " + names);
}

void keepNeeded(GraphDefinition& graph, const std::vector<std::string_view>& nodes) {
  std::map<std::string_view, const NodeDefinition*> by_name;
  for (const NodeDefinition& node : graph.nodes) by_name.emplace(node.name, &node);
  std::set<std::string_view> needed;
  std::vector<std::string_view> open(nodes);
  while (!open.empty()) {
    const auto found = by_name.find(open.back());
    open.pop_back();
    if (found == by_name.end() || !needed.insert(found->first).second) continue;
    for (const std::string_view input : found->second->inputs) open.push_back(nodeOf(input));
  }
  std::vector<NodeDefinition> kept;
  for (NodeDefinition& node : graph.nodes) {
    if (needed.count(node.name) > 0) kept.push_back(std::move(node));
  }
  graph.nodes = std::move(kept);
}

std::map<std::string, std::string> checkpointEntries(const GraphDefinition& graph) {
  std::map<std::string_view, const NodeDefinition*> nodes;
  for (const NodeDefinition& node : graph.nodes) nodes.emplace(node.name, &node);
  std::map<const NodeDefinition*, std::vector<std::string>> names;  // of what each RestoreV2 reads
  std::map<std::string, std::string> entries;
  for (const NodeDefinition& node : graph.nodes) {
    if ((node.op != "AssignVariableOp" && node.op != "Assign") || node.inputs.size() < 2) continue;
    std::string_view variable = node.inputs[0];
    std::string_view value = node.inputs[1];
    const NodeDefinition* handle = source(nodes, variable);
    const NodeDefinition* restored = source(nodes, value);
    if (handle == nullptr || restored == nullptr || restored->op != "RestoreV2" || restored->inputs.size() < 2)
      continue;
    const auto known = names.try_emplace(restored);
    if (known.second) {
      const auto constant = nodes.find(nodeOf(restored->inputs[1]));
      if (constant != nodes.end()) known.first->second = textsOf(*constant->second);
    }
    const std::vector<std::string>& read = known.first->second;
    if (outputOf(value) < read.size()) entries[std::string(handle->name)] = read[outputOf(value)];
  }
  return entries;
}

}  // namespace livedream
