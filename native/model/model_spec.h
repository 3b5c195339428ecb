#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "model/given_values.h"

namespace livedream {

// How the network wants its picture: it sees (x - mean) * scale, x in 0..255, after the channels were put in its order.
struct Preprocessing {
  bool bgr = false;
  std::array<float, 3> mean{};
  float scale = 1;
};

// A model as its description has it. What is left out is found by looking at the graph.
struct ModelSpec {
  std::string graph;  // a serialized GraphDef, or with a checkpoint a saved_model.pb; read during import only
  std::optional<std::string> checkpoint;  // of a SavedModel: "DIR/variables/variables"
  std::string signature;                  // of a SavedModel; empty for its default
  std::string input;                      // the node that takes the picture; empty: to be found
  std::vector<GivenValue> feeds;
  bool bgr = false;
  std::optional<std::array<float, 3>> mean;
  std::optional<float> scale;
};

}  // namespace livedream
