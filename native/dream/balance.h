#pragma once

#include <cstdint>

#include "dream/objective_seed.h"
#include "tensorflow/graph.h"

namespace livedream {

// Brings a term's derivative by its layer to the length |w| / (r sqrt(n)) in each tile, w the term's weight, r the root
// mean square of the layer's answers and n the pixels of the tile, of a term of all channels times these. Terms of a
// sum then push about as hard as their weights say: layers' scales are orders of magnitude apart, and so is what comes
// of a derivative of one length, which grows with the pixels that one position stands for [measured: docs/steering.md].
// Length and r count as constants: nothing is differentiated by them.
tensorflow::TF_Output addBalance(tensorflow::Graph& graph, const Term& term, const Answers& layer, std::int64_t pixels,
                                 tensorflow::TF_Output argument, tensorflow::TF_Output derivative);

}  // namespace livedream
