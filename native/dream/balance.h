#pragma once

#include "dream/objective_seed.h"
#include "tensorflow/graph.h"

namespace livedream {

// Brings a term's derivative by its layer to the length |w| / (r sqrt(n)) in each tile, w the term's weight, r the root
// mean square of the layer's answers and n its positions: what the mean of one channel has, of a layer whose answers
// are about 1. Terms of a sum then push as hard as their weights say, whatever the layers' own scales are, which are
// orders of magnitude apart. Length and r count as constants: nothing is differentiated by them.
tensorflow::TF_Output addBalance(tensorflow::Graph& graph, const Term& term, const Answers& layer,
                                 tensorflow::TF_Output argument, tensorflow::TF_Output derivative);

}  // namespace livedream
