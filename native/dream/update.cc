#include "dream/update.h"

#include "dream/gradient_normalization.h"

namespace livedream {

using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr float kEpsilon = 1e-7F;  // of the divisor, as in Google's DeepDream tutorial
constexpr float kMost = 255;
constexpr float kShort = 4;  // levels that are left to black and to white
constexpr float kShare = 0.5F;

TF_Output normalized(Graph& graph, const Update& update, TF_Output gradient, const UpdateInputs& inputs) {
  if (update.normalize == Normalize::kLaplacian) return laplacianNormalized(graph, gradient);
  if (update.normalize == Normalize::kSmooth) {
    return smoothed(graph, gradient, update.radius, inputs.rows, inputs.columns);
  }
  return gradient;
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
  return {plan.normalize, smooth ? smoothingRadius(plan.sigma, octave) : 0, plan.keep_range};
}

Updated addUpdate(Graph& graph, const Update& update, TF_Output pictures, TF_Output gradient,
                  const UpdateInputs& inputs) {
  const std::int64_t count = graph.shape(pictures).value().front();
  const TF_Output even = normalized(graph, update, gradient, inputs);
  const TF_Output mean = graph.reducePictures("Mean", graph.unary("Abs", even), count == 1);
  const TF_Output rate = graph.binary("RealDiv", inputs.step, graph.binary("AddV2", mean, graph.constant(kEpsilon)));
  TF_Output change = graph.binary("Mul", even, graph.reshape(rate, {count, 1, 1, 1}));
  if (update.keep_range) change = withinRange(graph, pictures, change);
  return {graph.binary("AddV2", pictures, change), mean};
}

}  // namespace livedream
