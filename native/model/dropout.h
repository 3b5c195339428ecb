#pragma once

#include "model/graph_definition.h"

namespace livedream {

// Makes masks of dropout keep everything: the random numbers of which one is made (RandomUniform, with what is added to
// it or multiplied, to Floor or GreaterEqual) become a constant. Of a network that is used and not trained they are
// without effect, as keep_prob is 1 or rate 0. Other random numbers stay, for the admission to leave out.
void keepDropped(GraphDefinition& graph);

}  // namespace livedream
