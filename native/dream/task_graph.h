#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dream/coherence.h"
#include "dream/network.h"
#include "dream/plan.h"
#include "tensorflow/graph.h"

namespace livedream {

// What a program does, with the names of its inputs. A picture is [pictures, height, width, 3], tiles [batch, tile
// height, tile width, 3], float32 RGB 0..255; a shift is int32[2], rows then columns. term0, term1 ... are what the
// objective's terms take (gradient_graph.h), guide0 ... what those with a guide take besides; objective0, gradient0 ...
// are those of the batches; an update takes step, and what else its ways ask for (UpdateInputs). All that use the
// network take its weights too.
enum class Task {
  kStep,      // picture, shift, terms, update -> picture, statistics
  kClimb,     // the same, several steps in one: compiled_loop.h
  kCut,       // picture, shift -> one tensor of tiles a batch
  kGradient,  // tiles, terms -> gradient of the tiles, sums of their objectives
  kAscend,    // picture, shift, objectives, gradients, update -> picture, statistics
  kJoin,      // gradients -> gradient of the picture, without shift
  kAnswers,   // picture, of one batch -> what the channels of the objective's first layer answer
  kFeatures,  // picture, of one batch -> what a guide's part of the objective's first term is: guide_seed.h
  kCarry,     // picture, change, tracking -> start, change: coherence.h
  kSettle,    // picture, change, start, dreamed, blend, most, mean, held, usual -> picture, change,
              // statistics
};

constexpr bool usesNetwork(Task task) noexcept {
  return task == Task::kStep || task == Task::kClimb || task == Task::kGradient || task == Task::kAnswers ||
         task == Task::kFeatures;
}
constexpr bool updates(Task task) noexcept {
  return task == Task::kStep || task == Task::kClimb || task == Task::kAscend;
}

// Of each channel over all positions, float32[3, channels].
enum Answer : std::size_t { kMean, kMost, kMeanSquare, kAnswerKinds };

// The step's statistics, float32[3, pictures].
enum Statistic : std::size_t { kObjective, kPictureSum, kGradientMean, kStatistics };

// The name of one of several inputs: "term0".
std::string numbered(const char* name, std::size_t index);

// A task's graph and what becomes the signature of its function. Made, turned into a function, and thrown away.
struct TaskGraph {
  tensorflow::Graph graph;
  std::vector<std::string> names;             // of the inputs
  std::vector<tensorflow::TF_Output> inputs;  // in the order of their names, then the weights
  std::vector<tensorflow::TF_Output> outputs;
  std::vector<int> weights;           // indices into Network::weightShapes()
  std::size_t called_operations = 0;  // in the functions that the graph calls
};

// What decides a task's graph; the network, the objective's channels and weights, and all values are arguments of its
// program.
struct TaskSpec {
  Task task = Task::kStep;
  const Octave& octave;
  const Objective& objective;
  Mode mode;
  Update update;
  std::int64_t steps = 1;   // of kClimb
  std::int64_t regions{};   // that terms are climbed in; of what climbs, which then is one batch
  TrackingSize tracking{};  // of kCarry
  bool by_kernel = false;   // of kCarry and kSettle: the device is a processor
};

// Of kClimb that of one step.
TaskGraph buildTask(const Network& network, const TaskSpec& spec);

}  // namespace livedream
