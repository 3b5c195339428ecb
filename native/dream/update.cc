#include "dream/update.h"

#include <algorithm>

#include "dream/gradient_normalization.h"
#include "dream/picture_terms.h"
#include "dream/wrapping.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr float kDivisorEpsilon = 1e-7F;  // of the divisor, as in Google's DeepDream tutorial
constexpr float kMost = 255;
constexpr float kShort = 4;  // levels that are left to black and to white
constexpr float kShare = 0.5F;
// Further than that the four bands of laplacianNormalized hardly reach.
constexpr std::int64_t kPyramidReach = 64;

TF_Output normalized(Graph& graph, const Update& update, TF_Output gradient, const UpdateInputs& inputs) {
  if (update.normalize == Normalize::kLaplacian) return laplacianNormalized(graph, gradient);
  if (update.normalize == Normalize::kSmooth) {
    return smoothed(graph, gradient, update.radius, inputs.rows, inputs.columns);
  }
  return gradient;
}

// The same of a gradient that goes on across its edges.
TF_Output normalizedAround(Graph& graph, const Update& update, TF_Output gradient, const UpdateInputs& inputs) {
  if (!update.wraps || update.normalize == Normalize::kNone) return normalized(graph, update, gradient, inputs);
  const Shape shape = graph.shape(gradient).value();
  const std::int64_t reach = update.normalize == Normalize::kSmooth ? update.radius : kPyramidReach;
  const std::int64_t rows = std::min(reach, shape[1]);
  const std::int64_t columns = std::min(reach, shape[2]);
  const TF_Output around = withMargins(graph, gradient, rows, columns);
  return withoutMargins(graph, normalized(graph, update, around, inputs), rows, columns);
}

// A pixel's colours moved so many times as far from their mean, which stays.
TF_Output coloured(Graph& graph, TF_Output gradient, TF_Output chroma) {
  constexpr std::int32_t kColourAxis = 3;  // the axis
  Shape one = graph.shape(gradient).value();
  one.back() = 1;
  const TF_Output grey = graph.binary("Mean", gradient, graph.constant(std::vector<std::int32_t>{kColourAxis}));
  const TF_Output mean = graph.reshape(grey, one);
  return graph.binary("AddV2", mean, graph.binary("Mul", graph.binary("Sub", gradient, mean), chroma));
}

// What the picture's own gradients take off a change.
TF_Output heldBack(Graph& graph, const Update& update, TF_Output pictures, TF_Output change,
                   const UpdateInputs& inputs) {
  const auto weighted = [&](TF_Output gradient, TF_Output weight) {
    return graph.binary("Mul", gradient, graph.binary("Mul", inputs.step, weight));
  };
  if (update.total_variation) {
    const TF_Output gradient = totalVariationGradient(graph, pictures, update.wraps);
    change = graph.binary("Sub", change, weighted(gradient, inputs.total_variation));
  }
  if (update.l2) {
    const TF_Output gradient = distanceGradient(graph, pictures, inputs.source);
    change = graph.binary("Sub", change, weighted(gradient, inputs.l2));
  }
  return change;
}

// Of a gradient, for each picture. Beside the regions it is next to nothing, and does not count.
TF_Output meanSize(Graph& graph, const Update& update, TF_Output gradient, const UpdateInputs& inputs) {
  const bool one = graph.shape(gradient).value().front() == 1;
  const TF_Output size = graph.unary("Abs", gradient);
  if (!update.regions) return graph.reducePictures("Mean", size, one);
  const TF_Output inside = graph.reducePictures("Mean", graph.binary("Mul", size, inputs.mask), one);
  return graph.binary("RealDiv", inside, graph.reduce("Mean", inputs.mask, 4));
}

TF_Output withinLimit(Graph& graph, TF_Output pictures, const UpdateInputs& inputs) {
  const TF_Output least = graph.binary("Sub", inputs.source, inputs.limit);
  const TF_Output most = graph.binary("AddV2", inputs.source, inputs.limit);
  return graph.binary("Maximum", graph.binary("Minimum", pictures, most), least);
}

// At most `kShare` of the room that a pixel has in the direction of its change.
TF_Output withinRange(Graph& graph, TF_Output pictures, TF_Output change) {
  const auto room = [&](float bound) {
    const TF_Output all = graph.binary("Sub", graph.constant(bound), pictures);
    return graph.binary("Mul", all, graph.constant(kShare));
  };
  const TF_Output zero = graph.constant(0.0F);
  const TF_Output up = graph.binary("Maximum", room(kMost - kShort), zero);
  const TF_Output down = graph.binary("Minimum", room(kShort), zero);
  return graph.binary("Maximum", graph.binary("Minimum", change, up), down);
}

}  // namespace

Update updateOf(const Plan& plan, const Octave& octave) noexcept {
  const bool smooth = plan.normalize == Normalize::kSmooth;
  Update update;
  update.normalize = plan.normalize;
  update.radius = smooth ? smoothingRadius(plan.sigma, octave) : 0;
  update.chroma = plan.chroma != 1;
  update.keep_range = plan.keep_range;
  update.limit = plan.limit < kUnlimited;
  update.mask = plan.mask != nullptr;
  update.regions = !plan.regions.empty();
  update.total_variation = plan.total_variation > 0;
  update.l2 = plan.l2 > 0;
  // Of what is done without looking over an edge the program is the same.
  update.wraps = plan.tileable && (update.total_variation || plan.normalize != Normalize::kNone);
  return update;
}

Updated addUpdate(Graph& graph, const Update& update, TF_Output pictures, TF_Output gradient,
                  const UpdateInputs& inputs) {
  const std::int64_t count = graph.shape(pictures).value().front();
  TF_Output even = normalizedAround(graph, update, gradient, inputs);
  if (update.chroma) even = coloured(graph, even, inputs.chroma);
  const TF_Output mean = meanSize(graph, update, even, inputs);
  const TF_Output rate =
      graph.binary("RealDiv", inputs.step, graph.binary("AddV2", mean, graph.constant(kDivisorEpsilon)));
  TF_Output change = graph.binary("Mul", even, graph.reshape(rate, {count, 1, 1, 1}));
  change = heldBack(graph, update, pictures, change, inputs);
  if (update.mask) change = graph.binary("Mul", change, inputs.mask);
  if (update.keep_range) change = withinRange(graph, pictures, change);
  TF_Output moved = graph.binary("AddV2", pictures, change);
  if (update.limit) moved = withinLimit(graph, moved, inputs);
  return {moved, mean};
}

}  // namespace livedream
