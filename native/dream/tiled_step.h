#pragma once

#include <string>

#include "dream/network.h"
#include "dream/task_graph.h"
#include "tensorflow/context.h"

namespace livedream {

// A step of an octave in several batches of tiles as one graph, for compiled_loop.h: the batches are gone through by a
// CountedLoop, so that one of them is in memory at a time. It takes and gives what Task::kStep does.
//
// Adds functions to the context whose names begin with `name`.
TaskGraph addTiledStep(tensorflow::Context& context, const Network& network, const TaskSpec& spec,
                       const std::string& name);

}  // namespace livedream
