#include "dream/local_response.h"

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "dream/error.h"
#include "tensorflow/wire_format.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::TF_Output;

namespace {

// tensorflow/core/ops/nn_ops.cc
struct Attributes {
  std::int64_t depth_radius = 5;
  float bias = 1;
  float alpha = 1;
  float beta = 0.5F;
};

float floatOf(std::uint64_t bits) noexcept {
  const auto narrow = static_cast<std::uint32_t>(bits);
  float value = 0;
  std::memcpy(&value, &narrow, sizeof value);
  return value;
}

// tensorflow/core/framework/attr_value.proto. Left-out fields are zero, as protobuf has it.
Attributes attributesOf(const NetworkNode& node) {
  constexpr std::uint32_t kInteger = 3;
  constexpr std::uint32_t kFloat = 4;
  Attributes attributes;
  for (const auto& [name, value] : node.attributes) {
    std::int64_t integer = 0;
    float real = 0;
    tensorflow::WireReader reader(value);
    while (const auto field = reader.next()) {
      if (field->number == kInteger) integer = static_cast<std::int64_t>(field->value);
      if (field->number == kFloat) real = floatOf(field->value);
    }
    if (name == "depth_radius") attributes.depth_radius = integer;
    if (name == "bias") attributes.bias = real;
    if (name == "alpha") attributes.alpha = real;
    if (name == "beta") attributes.beta = real;
  }
  return attributes;
}

// [1, 1, channels, channels], `value` where two channels are at most `radius` apart.
tensorflow::TensorHandle band(std::int64_t channels, std::int64_t radius, float value) {
  std::vector<float> values(static_cast<std::size_t>(channels * channels), 0.0F);
  for (std::int64_t from = 0; from < channels; ++from) {
    for (std::int64_t to = 0; to < channels; ++to) {
      if (std::abs(from - to) <= radius) values[static_cast<std::size_t>(from * channels + to)] = value;
    }
  }
  return tensorflow::makeTensor(values, {1, 1, channels, channels});
}

}  // namespace

TF_Output addLocalResponse(Graph& graph, const NetworkNode& node, TF_Output x) {
  const auto shape = graph.shape(x);
  if (!shape || shape->size() != 4 || shape->back() < 1) {
    throw Error(code::kModelUnreadable, "The channels of '" + node.name + "' are not known.");
  }
  const Attributes attributes = attributesOf(node);
  // alpha goes into the band: one multiplication less over the whole layer.
  const TF_Output near = graph.constant(band(shape->back(), attributes.depth_radius, attributes.alpha).get());
  const TF_Output sum = graph.convolve(graph.unary("Square", x), near);
  const TF_Output scale = graph.binary("AddV2", sum, graph.constant(attributes.bias));
  if (attributes.beta == 0.5F) return graph.binary("Mul", x, graph.unary("Rsqrt", scale), node.name);
  return graph.binary("Mul", x, graph.binary("Pow", scale, graph.constant(-attributes.beta)), node.name);
}

}  // namespace livedream
