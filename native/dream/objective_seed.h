#pragma once

#include <cstdint>

#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// A layer of the network, with what a term needs to know of it.
struct Answers {
  tensorflow::TF_Output values{};  // [batch, height, width, channels]
  tensorflow::Shape shape;
  std::int64_t pictures = 1;  // the batch is tiles of one, or each is another
  float copies = 1;           // how often the network computes each tile: see Network::adaptInput
  float positions = 1;        // of one tile and all its copies
};

// A term's sum over tiles, [pictures], and its derivative by the layer. Written out, both are shorter than what
// TF_AddGradients makes of a mean (which asks for shapes at run time).
struct Seed {
  tensorflow::TF_Output objective;
  tensorflow::TF_Output derivative;
};

// What a term takes at run time.
struct TermInputs {
  tensorflow::TF_Output argument{};  // termArgument
  tensorflow::TF_Output guide{};     // float32[rows, channels], of a guided term
};

Seed addSeed(tensorflow::Graph& graph, const Term& term, const Answers& layer, const TermInputs& inputs);

}  // namespace livedream
