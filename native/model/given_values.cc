#include "model/given_values.h"

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <utility>

#include "error.h"
#include "model/picture_input.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/data_type.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::Shape;

namespace {

template <typename T>
std::string packed(const std::vector<double>& values) {
  std::string bytes(values.size() * sizeof(T), '\0');
  for (std::size_t i = 0; i < values.size(); ++i) {
    const T value = static_cast<T>(values[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

std::optional<std::string> packedAs(int type, const std::vector<double>& values) {
  switch (type) {
    case tensorflow::TF_FLOAT:
      return packed<float>(values);
    case tensorflow::kDouble:
      return packed<double>(values);
    case tensorflow::TF_INT32:
      return packed<std::int32_t>(values);
    case tensorflow::kInt64:
      return packed<std::int64_t>(values);
    case tensorflow::TF_UINT8:
    case tensorflow::kBool:
      return packed<std::uint8_t>(values);
    default:
      return std::nullopt;
  }
}

[[noreturn]] void refuseValue(const NodeDefinition& node, const std::string& why) {
  throw Error(code::kModelUnreadable,
              "The placeholder '" + std::string(node.name) + "' takes " + describePlaceholder(node) + ", " + why + ".");
}

// The placeholder's own shape with its unknown sizes filled in, where the values fit it.
Shape shapeFor(const NodeDefinition& node, const GivenValue& given) {
  const auto count = static_cast<std::int64_t>(given.values.size());
  std::optional<Shape> declared = attr_value::shape(node.attribute("shape"));
  const bool known = declared && node.attributes.count("shape") > 0;
  // Without a shape in its attributes a placeholder says nothing; a scalar one says so in no other way.
  if (!known || declared->empty()) return given.scalar ? Shape{} : Shape{count};
  std::int64_t sizes = 1;
  for (std::int64_t& size : *declared) {
    if (size < 0) size = sizes == 0 || count % sizes != 0 ? 1 : (given.scalar ? 1 : count / sizes);
    sizes = tensorflow::elementCount({sizes, size});
  }
  if (sizes != count) refuseValue(node, "and was given " + std::to_string(count) + " values");
  return *declared;
}

}  // namespace

void giveValues(GraphDefinition& graph, const std::vector<GivenValue>& given) {
  for (const GivenValue& each : given) {
    bool found = false;
    for (NodeDefinition& node : graph.nodes) {
      if (node.name != each.placeholder) continue;
      if (!isPlaceholder(node)) refuseValue(node, "and is no placeholder, so it can be given no value");
      const auto content = packedAs(placeholderType(node), each.values);
      if (!content) refuseValue(node, "and only numbers and booleans can be given");
      const Shape shape = shapeFor(node, each);
      node.attributes["value"] = graph.keep(attr_value::ofContent(placeholderType(node), shape, *content));
      node.attributes.erase("shape");
      node.op = "Const";
      node.inputs.clear();
      node.bytes = {};
      found = true;
    }
    if (!found) {
      throw Error(code::kModelUnreadable,
                  "The graph has no placeholder '" + each.placeholder + "' to give a value to.");
    }
  }
}

void cutAtInput(GraphDefinition& graph, tensorflow::OpDefinitions& operations, const std::string& input) {
  for (NodeDefinition& node : graph.nodes) {
    if (node.name != input || node.op == "Placeholder") continue;
    const tensorflow::OpDefinition* operation = operations.find(node.op);
    if (operation == nullptr || operation->outputs.empty()) continue;
    const tensorflow::OpArgument& output = operation->outputs.front();
    const auto type = output.type_attribute.empty()
                          ? static_cast<std::uint64_t>(output.type)
                          : attr_value::number(node.attribute(output.type_attribute), attr_value::kType).value_or(0);
    const std::string_view shape = node.op == "PlaceholderWithDefault" || node.op == "PlaceholderV2"
                                       ? node.attribute("shape")
                                       : std::string_view();
    node.op = "Placeholder";
    node.inputs.clear();
    node.attributes.clear();
    node.attributes["dtype"] = graph.keep(attr_value::ofType(static_cast<int>(type)));
    if (!shape.empty()) node.attributes["shape"] = shape;
    node.bytes = {};
  }
}

void takeDefaults(GraphDefinition& graph, const std::string& input) {
  for (NodeDefinition& node : graph.nodes) {
    if (node.op != "PlaceholderWithDefault" || node.name == input) continue;
    const std::string_view type = node.attribute("dtype");
    node.op = "Identity";
    node.attributes.clear();
    node.attributes["T"] = type;
    node.bytes = {};
  }
}

}  // namespace livedream
