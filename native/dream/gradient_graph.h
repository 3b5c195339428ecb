#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dream/network.h"
#include "dream/objective_seed.h"
#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// The objective and its gradient, added to a graph under construction.
struct GradientGraph {
  tensorflow::TF_Output gradient{};   // of the sum over tiles of each tile's objective, by `tiles`
  tensorflow::TF_Output objective{};  // that sum, [pictures]
  std::vector<int> weights;
  std::vector<tensorflow::TF_Output> weight_inputs;
};

// What a term takes at run time, so that other channels or another weight compile nothing: float32[channels], the
// weight of each, for kChannels; a scalar for others. With several pictures float32[pictures, 1, 1, channels or 1].
std::vector<float> termArgument(const Term& term, std::int64_t channels);
tensorflow::Shape termArgumentShape(const Term& term, std::int64_t channels, std::int64_t pictures);

// Of what a guided term takes besides; throws ERR_LIVEDREAM_INTERNAL where the features are no such.
tensorflow::Shape guideShape(const Term& term, std::int64_t channels);

// `tiles` is [batch, height, width, 3], of one picture or each of another; `inputs` are those of the terms, in their
// order. Of terms with a region `regions` are [tiles, height, width, regions], 0..1, by which their push is weighted in
// every place. One backward pass serves all terms. Throws ERR_LIVEDREAM_NOT_DIFFERENTIABLE.
GradientGraph addGradient(tensorflow::Graph& graph, const Network& network, const Objective& objective,
                          const Mode& mode, tensorflow::TF_Output tiles, std::int64_t pictures,
                          const std::vector<TermInputs>& inputs, tensorflow::TF_Output regions = {});

}  // namespace livedream
