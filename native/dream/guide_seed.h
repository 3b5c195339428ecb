#pragma once

#include "dream/objective_seed.h"
#include "tensorflow/graph.h"

namespace livedream {

// The mean over positions of the largest dot product with a vector of the guide, whose positions inputs.guide has: each
// position is drawn to what the guide has that is most like it (the objective of the original DeepDream's guides).
Seed addNearestSeed(tensorflow::Graph& graph, const Answers& layer, const TermInputs& inputs);

// Minus the squared distance of the channels' products, averaged over positions, from those of the guide, which
// inputs.guide has ([channels, channels]), in the squared length of these: 0 where they match (Gatys et al.,
// arXiv:1508.06576, there without the last division).
Seed addProductsSeed(tensorflow::Graph& graph, const Answers& layer, const TermInputs& inputs);

// What the guide's part of a term is made of: a layer's [1, height, width, channels] as its positions' vectors, or as
// the mean of their channels' products.
tensorflow::TF_Output addGuideFeatures(tensorflow::Graph& graph, Term::Kind kind, tensorflow::TF_Output layer);

}  // namespace livedream
