#include "dream/own_gradient.h"

#include <string>
#include <string_view>

#include "dream/error.h"
#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::TF_Output;

namespace {

std::string_view attribute(const NetworkNode& node, std::string_view name) noexcept {
  for (const auto& [key, value] : node.attributes) {
    if (key == name) return value;
  }
  return {};
}

// tensorflow/core/framework/attr_value.proto: a list of integers, packed or not; whether all of them are 1
bool allOnes(std::string_view value) noexcept {
  constexpr std::uint32_t kList = 1;
  constexpr std::uint32_t kIntegers = 3;
  tensorflow::WireReader reader(value);
  while (const auto field = reader.next()) {
    if (field->number != kList) continue;
    tensorflow::WireReader list(field->bytes);
    while (const auto entry = list.next()) {
      if (entry->number != kIntegers) continue;
      // Dilations are small: one byte each where they are packed.
      if (entry->bytes.empty() && entry->value != 1) return false;
      if (entry->bytes.find_first_not_of('\x01') != std::string_view::npos) return false;
    }
  }
  return true;
}

bool isText(std::string_view value, std::string_view text) noexcept {
  constexpr std::uint32_t kText = 2;
  tensorflow::WireReader reader(value);
  const auto field = reader.next();
  return field && field->number == kText && field->bytes == text;
}

TF_Output localResponseGradient(Graph& graph, const NetworkNode& node, TF_Output x, TF_Output y, TF_Output gradient) {
  NodeBuilder builder(graph, "LRNGrad", graph.uniqueName("LRNGrad"));
  builder.input(gradient).input(x).input(y);
  // depth_radius, bias, alpha, beta and T have the same names in both operations.
  for (const auto& [name, value] : node.attributes) builder.proto(name, value);
  return builder.finish();
}

TF_Output convolutionGradient(Graph& graph, const NetworkNode& node, TF_Output x, TF_Output filter,
                              TF_Output gradient) {
  const auto shape = graph.shape(x);
  if (!shape) throw Error(code::kModelUnreadable, "The input of '" + node.name + "' has no shape.");
  const std::vector<std::int32_t> size(shape->begin(), shape->end());
  NodeBuilder builder(graph, "Conv2DBackpropInput", graph.uniqueName("Conv2DBackpropInput"));
  builder.input(graph.constant(size)).input(filter).input(gradient);
  // All attributes of Conv2D are Conv2DBackpropInput's too.
  for (const auto& [name, value] : node.attributes) builder.proto(name, value);
  return builder.finish();
}

}  // namespace

bool hasOwnGradient(const NetworkNode& node) noexcept {
  if (node.op == "LRN") return true;
  return node.op == "Conv2D" &&
         (!allOnes(attribute(node, "dilations")) || isText(attribute(node, "padding"), "EXPLICIT"));
}

TF_Output addOwnGradient(Graph& graph, const NetworkNode& node, const std::vector<TF_Output>& inputs, TF_Output output,
                         TF_Output gradient) {
  if (node.op == "LRN") return localResponseGradient(graph, node, inputs.at(0), output, gradient);
  return convolutionGradient(graph, node, inputs.at(0), inputs.at(1), gradient);
}

}  // namespace livedream
