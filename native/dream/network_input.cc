// Network::adaptInput: whatever a network takes as its picture, to the engine it takes [batch, height, width, 3] or
// [batch, 3, height, width].

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dream/attributes.h"
#include "dream/layout.h"
#include "dream/network.h"
#include "error.h"
#include "picture_shape.h"
#include "tensorflow/attr_value.h"
#include "tensorflow/data_type.h"

namespace livedream {

namespace attr_value = tensorflow::attr_value;
using tensorflow::Shape;

namespace {

constexpr std::int64_t kMostCopies = 64;

// [height, width, 3] from a batch of one.
std::vector<NetworkNode> withoutBatch(std::size_t input, const std::string& type) {
  NetworkNode squeeze;
  squeeze.name = "livedream/input";
  squeeze.helper = true;
  squeeze.op = "Squeeze";
  squeeze.inputs = {{input, 0}};
  squeeze.groups = {0};
  squeeze.attributes = {{"T", type}, {"squeeze_dims", attr_value::ofIntegers({0})}};
  return {squeeze};
}

// A batch of that many times the same picture, for a network that takes no other.
std::vector<NetworkNode> copies(std::size_t input, std::int64_t batch, const std::string& type) {
  const std::string integer = attr_value::ofType(tensorflow::TF_INT32);
  NetworkNode axis;
  axis.name = "livedream/input/axis";
  axis.op = "Const";
  axis.attributes = {{"dtype", integer},
                     {"value", attr_value::ofTensor(tensorflow::makeTensor(std::vector<std::int32_t>{0}, {}).get())}};
  NetworkNode concatenation;
  concatenation.name = "livedream/input";
  concatenation.helper = true;
  concatenation.op = "ConcatV2";
  concatenation.inputs.assign(static_cast<std::size_t>(batch), {input, 0});
  concatenation.inputs.push_back({input + 1, 0});
  concatenation.groups = {static_cast<int>(batch), 0};
  concatenation.attributes = {{"N", attr_value::ofInteger(batch)}, {"T", type}, {"Tidx", integer}};
  return {axis, concatenation};
}

// Puts nodes behind the input, the last of which takes its place for all that used it.
void insertBehind(std::vector<NetworkNode>& nodes, std::size_t input, std::vector<NetworkNode> inserted) {
  const std::size_t count = inserted.size();
  for (NetworkNode& node : nodes) {
    for (NetworkNode::Input& each : node.inputs) {
      if (each.node >= input) each.node += count;
    }
  }
  nodes.insert(nodes.begin() + static_cast<std::ptrdiff_t>(input) + 1, std::make_move_iterator(inserted.begin()),
               std::make_move_iterator(inserted.end()));
}

bool hasColours(const Shape& shape) noexcept {
  const auto may_be = [](std::int64_t size) { return size < 0 || size == kColours; };
  return may_be(shape.back()) || may_be(shape[shape.size() - 3]);
}

}  // namespace

void Network::adaptInput() {
  NetworkNode& node = nodes_[input_];
  const std::string type(attribute(node, "dtype"));
  const std::optional<Shape> shape = declaredShape(node);
  const auto types = attr_value::types(type);
  input_facts_.name = node.name;
  if (!types.empty()) input_type_ = types.front();
  input_facts_.type = tensorflow::nameOfType(input_type_);
  input_facts_.shape = shape ? tensorflow::describeSizes(*shape) : "";
  input_facts_.layout = "NHWC";
  if (!shape) return;
  if ((shape->size() != kPictureRank && shape->size() != kPictureRank - 1) || !hasColours(*shape)) {
    throw Error(code::kModelUnreadable,
                "The input '" + node.name + "' takes " + input_facts_.type + " of the shape " + input_facts_.shape +
                    ", and livedream dreams of pictures of three colours: [height, width, 3] or " +
                    "[3, height, width], with a batch before them or without.");
  }
  if (shape->size() == kPictureRank - 1) {
    input_facts_.layout = "HWC";
    insertBehind(nodes_, input_, withoutBatch(input_, type));
  } else if (shape->front() > 1) {
    if (shape->front() > kMostCopies) {
      throw Error(code::kModelUnreadable,
                  "The input '" + node.name + "' takes batches of exactly " + std::to_string(shape->front()) +
                      " pictures, and livedream fills at most " + std::to_string(kMostCopies) + ".");
    }
    copies_ = shape->front();
    insertBehind(nodes_, input_, copies(input_, shape->front(), type));
  }
}

}  // namespace livedream
