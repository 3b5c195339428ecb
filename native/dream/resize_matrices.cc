#include "dream/resize_matrices.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dream/attributes.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

// Of one matrix: 2048 pixels made 2048.
constexpr std::int64_t kLargestMatrix = std::int64_t{1} << 22U;

// Where output pixels lie among the inputs, in float32 as in tensorflow/core/util/image_resizer_state.h.
class Axis {
 public:
  Axis(const NetworkNode& node, std::int64_t from, std::int64_t to)
      : from_(from),
        to_(to),
        nearest_(node.op == "ResizeNearestNeighbor"),
        corners_(isTrue(attribute(node, "align_corners"), false)),
        centres_(isTrue(attribute(node, "half_pixel_centers"), false)),
        scale_(corners_ && to > 1 ? static_cast<float>(from - 1) / static_cast<float>(to - 1)
                                  : static_cast<float>(from) / static_cast<float>(to)) {}

  // [to, from]: what each input gives to each output.
  TF_Output matrix(Graph& graph) const {
    std::vector<float> shares(static_cast<std::size_t>(from_ * to_), 0.0F);
    for (std::int64_t row = 0; row < to_; ++row) {
      float* const begin = shares.data() + row * from_;
      if (nearest_) {
        begin[nearest(static_cast<float>(row))] = 1;
      } else {
        interpolate(static_cast<float>(row), begin);
      }
    }
    return graph.constant(tensorflow::makeTensor(shares, {to_, from_}).get());
  }

 private:
  std::int64_t nearest(float row) const {
    constexpr float kHalf = 0.5F;
    const float place = (centres_ ? row + kHalf : row) * scale_;
    const auto pixel = static_cast<std::int64_t>(corners_ ? std::round(place) : std::floor(place));
    return std::clamp<std::int64_t>(pixel, 0, from_ - 1);
  }

  void interpolate(float row, float* shares) const {
    constexpr float kHalf = 0.5F;
    const float place = centres_ ? (row + kHalf) * scale_ - kHalf : row * scale_;
    const float below = std::floor(place);
    const float share = place - below;
    shares[std::clamp<std::int64_t>(static_cast<std::int64_t>(below), 0, from_ - 1)] += 1 - share;
    shares[std::clamp<std::int64_t>(static_cast<std::int64_t>(std::ceil(place)), 0, from_ - 1)] += share;
  }

  std::int64_t from_;
  std::int64_t to_;
  bool nearest_;
  bool corners_;
  bool centres_;
  float scale_;
};

TF_Output multiply(Graph& graph, const char* equation, TF_Output matrix, TF_Output x) {
  return tensorflow::NodeBuilder(graph, "Einsum", graph.uniqueName("Einsum"))
      .inputs({matrix, x})
      .text("equation", equation)
      .finish();
}

}  // namespace

bool isMatrixResize(const NetworkNode& node, const Shape& from, const Shape& to) {
  const bool known = (node.op == "ResizeBilinear" || node.op == "ResizeNearestNeighbor") &&
                     isType(attribute(node, "T"), tensorflow::TF_FLOAT);
  const auto fits = [&](std::size_t axis) {
    return from[axis] > 0 && to[axis] > 0 && to[axis] <= kLargestMatrix / from[axis];
  };
  return known && from.size() == 4 && to.size() == 4 && fits(1) && fits(2);
}

TF_Output addMatrixResize(Graph& graph, const NetworkNode& node, const Shape& to, TF_Output x) {
  const Shape from = graph.shape(x).value();
  const TF_Output rows = multiply(graph, "oh,bhwc->bowc", Axis(node, from[1], to[1]).matrix(graph), x);
  return multiply(graph, "ow,bhwc->bhoc", Axis(node, from[2], to[2]).matrix(graph), rows);
}

TF_Output addMatrixResizeGradient(Graph& graph, const NetworkNode& node, const Shape& from, TF_Output gradient) {
  const Shape to = graph.shape(gradient).value();
  const TF_Output rows = multiply(graph, "oh,bowc->bhwc", Axis(node, from[1], to[1]).matrix(graph), gradient);
  return multiply(graph, "ow,bhoc->bhwc", Axis(node, from[2], to[2]).matrix(graph), rows);
}

}  // namespace livedream
