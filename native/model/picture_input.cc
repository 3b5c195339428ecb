#include "model/picture_input.h"

#include <algorithm>
#include <set>
#include <vector>

#include "error.h"
#include "picture_shape.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/data_type.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::Shape;

namespace {

constexpr const char* kDefaultInput = "input";

bool holdsPictures(int type) noexcept {
  return type == tensorflow::TF_FLOAT || tensorflow::isHalfType(type) || tensorflow::isIntegerType(type);
}

// Whether a declared shape is one of pictures: with or without a batch, colours last or first.
bool looksLikePictures(const NodeDefinition& node) {
  const auto shape = attr_value::shape(node.attribute("shape"));
  if (!holdsPictures(placeholderType(node)) || !shape || shape->size() < 3 || shape->size() > 4) return false;
  const std::size_t first = shape->size() - 3;
  return shape->back() == kColours || (*shape)[first] == kColours;
}

std::string listed(const std::vector<const NodeDefinition*>& nodes) {
  std::string text;
  for (const NodeDefinition* node : nodes) {
    text += (text.empty() ? "'" : ", '") + std::string(node->name) + "' (" + describePlaceholder(*node) + ")";
  }
  return text;
}

[[noreturn]] void refuseInput(const std::string& why) { throw Error(code::kModelUnreadable, why); }

std::vector<const NodeDefinition*> candidatesOf(const GraphDefinition& graph, const Signature* signature) {
  std::set<std::string_view> of_signature;
  if (signature != nullptr) {
    for (const auto& [key, tensor] : signature->inputs) of_signature.insert(nodeOf(tensor));
  }
  std::vector<const NodeDefinition*> candidates;
  for (const NodeDefinition& node : graph.nodes) {
    if (isPlaceholder(node) && (signature == nullptr || of_signature.count(node.name) > 0)) candidates.push_back(&node);
  }
  return candidates;
}

const NodeDefinition& choose(const std::vector<const NodeDefinition*>& candidates) {
  const auto by_name = std::find_if(candidates.begin(), candidates.end(),
                                    [](const NodeDefinition* node) { return node->name == kDefaultInput; });
  if (by_name != candidates.end()) return **by_name;
  if (candidates.size() == 1) return *candidates.front();
  std::vector<const NodeDefinition*> pictures;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(pictures),
               [](const NodeDefinition* node) { return looksLikePictures(*node); });
  if (pictures.size() == 1) return *pictures.front();
  if (candidates.empty()) {
    refuseInput(
        "The graph has no input: it has no placeholder at all. Name the node that takes the picture as `input`.");
  }
  refuseInput("The graph has several inputs, and which takes the picture cannot be told: its placeholders are " +
              listed(candidates) + ". Name one as `input` and give the others values with `feeds`.");
}

void check(const NodeDefinition& node) {
  const int type = placeholderType(node);
  if (holdsPictures(type)) return;
  const std::string takes = "The input '" + std::string(node.name) + "' takes " + describePlaceholder(node);
  if (type == tensorflow::kString) {
    refuseInput(takes +
                ": an encoded picture, which the graph decodes by itself, and no gradient passes through that. Name " +
                "the first node of floats after the decoding as `input`.");
  }
  refuseInput(
      takes +
      ", and a picture can be given as float32, float16, bfloat16 or integers. Name the first node of those after it "
      "as `input`.");
}

}  // namespace

bool isPlaceholder(const NodeDefinition& node) noexcept {
  return node.op == "Placeholder" || node.op == "PlaceholderV2" || node.op == "PlaceholderWithDefault";
}

int placeholderType(const NodeDefinition& node) noexcept {
  return static_cast<int>(attr_value::number(node.attribute("dtype"), attr_value::kType).value_or(0));
}

std::string describePlaceholder(const NodeDefinition& node) {
  const auto shape = attr_value::shape(node.attribute("shape"));
  return tensorflow::nameOfType(placeholderType(node)) + " of " + tensorflow::describeShape(shape ? &*shape : nullptr);
}

std::string findInput(const GraphDefinition& graph, const std::string& asked, const Signature* signature) {
  const auto candidates = candidatesOf(graph, signature);
  if (asked.empty()) {
    return std::string(choose(candidates).name);
  }
  std::string name = asked;
  if (signature != nullptr) {
    const auto known = signature->inputs.find(asked);
    if (known != signature->inputs.end()) name = known->second;
  }
  if (name.size() > 2 && name.compare(name.size() - 2, 2, ":0") == 0) name.resize(name.size() - 2);
  for (const NodeDefinition& node : graph.nodes) {
    if (node.name == name) return name;
  }
  refuseInput(
      "The graph has no input '" + asked + "'; " +
      (candidates.empty() ? "it has no placeholder at all." : "its placeholders are " + listed(candidates) + "."));
}

void checkInput(const GraphDefinition& graph, const std::string& input) {
  for (const NodeDefinition& node : graph.nodes) {
    if (node.name != input) continue;
    if (node.op != "Placeholder") {
      refuseInput("The input '" + input + "' is a node without a result (" + std::string(node.op) +
                  "), which cannot stand for the picture.");
    }
    check(node);
  }
}

}  // namespace livedream
