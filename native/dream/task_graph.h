#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dream/network.h"
#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// What a program does, with the names of its inputs. Pictures are [height, width, 3], tiles [batch, tile height, tile
// width, 3], float32 RGB 0..255; a shift is int32[2], rows then columns. term0, term1 ... are what the objective's
// terms take (gradient_graph.h); objective0, gradient0 ... are those of the batches. All that use the network take its
// weights too.
enum class Task {
  kStep,      // picture, shift, step, terms -> picture, statistics
  kCut,       // picture, shift -> one tensor of tiles a batch
  kGradient,  // tiles, terms -> gradient of the tiles, sum of their objectives
  kAscend,    // picture, shift, step, objectives, gradients -> picture, statistics
  kJoin,      // gradients -> gradient of the picture, without shift
};

// The step's statistics, float32[3].
enum Statistic : std::size_t { kObjective, kPictureSum, kGradientMean, kStatistics };

// The name of one of several inputs: "term0".
std::string numbered(const char* name, std::size_t index);

// A task's graph and what becomes the signature of its function. Made, turned into a function, and thrown away.
struct TaskGraph {
  tensorflow::Graph graph;
  std::vector<std::string> names;             // of the inputs
  std::vector<tensorflow::TF_Output> inputs;  // in the order of their names, then the weights
  std::vector<tensorflow::TF_Output> outputs;
  std::vector<int> weights;  // indices into Network::weightShapes()
};

TaskGraph buildTask(const Network& network, Task task, const Octave& octave, const Objective& objective,
                    const Mode& mode);

}  // namespace livedream
