#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "dream/network.h"
#include "dream/plan.h"
#include "tensorflow/context.h"

namespace livedream {

// What a program does. Pictures are [height, width, 3], tiles [batch, tile height, tile width, 3], float32 RGB 0..255;
// a shift is int32[2], rows then columns.
enum class Task {
  kStep,      // picture, shift, step, selector, weights -> picture, statistics
  kCut,       // picture, shift -> one tensor of tiles a batch
  kGradient,  // tiles, selector, weights -> gradient of the tiles, sum of their objectives
  kAscend,    // picture, shift, step, objectives and gradients of all batches -> picture, statistics
  kJoin,      // gradients of all batches -> gradient of the picture, without shift
};

// The step's statistics, float32[3].
enum Statistic : std::size_t { kObjective, kPictureSum, kGradientMean, kStatistics };

// A function of one task for one octave's shape in one mode, living in a context. Owned by a Workspace, used on the
// engine's thread. The network's weights are arguments: see Workspace.
class Program {
 public:
  Program(tensorflow::Context& context, tensorflow::Device device, const Network& network, Task task,
          const Octave& octave, const Objective& objective, bool xla, std::string name);

  // A call with nothing but its mode set.
  tensorflow::Call call() const;
  std::vector<tensorflow::EagerHandle> run(tensorflow::Call& call) const;

  // Indices into Network::weightShapes(), to be given last and in this order.
  const std::vector<int>& weights() const noexcept { return weights_; }
  // What keeping it costs, estimated: see program.cc.
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  tensorflow::Context& context_;
  tensorflow::Device device_;
  std::string name_;
  std::string description_;
  bool xla_;
  mutable bool compiled_ = false;
  int outputs_ = 0;
  std::vector<int> weights_;
  std::size_t bytes_ = 0;
};

}  // namespace livedream
