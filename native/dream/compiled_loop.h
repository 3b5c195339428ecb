#pragma once

#include <cstdint>
#include <string>

#include "dream/network.h"
#include "dream/task_graph.h"
#include "tensorflow/context.h"

namespace livedream {

// Steps on a device without the host between them: a CountedLoop around the function of one step, and where an octave
// is gone through in batches of tiles one around these, which XLA compiles to one program.
//
// Adds the function `name`. It takes what a step takes, but for `shift`: `shifts`, one for each step, int32[steps, 2],
// and `active`, how many of the steps move the picture, int32. It gives the picture and the statistics of all steps,
// float32[steps, 3, pictures]; of those that were not active they mean nothing. What is returned tells its inputs; its
// graph is that of one step.
TaskGraph addCompiledLoop(tensorflow::Context& context, const Network& network, const TaskSpec& spec,
                          const std::string& name);

// How many steps one program takes for an octave of so many: an octave is cut in equal slices, between which it can be
// cancelled and tells how far it is. The last slice has steps that are not active where they do not come out even, so
// that one program serves all.
std::int64_t stepsInSlice(std::int64_t iterations) noexcept;

}  // namespace livedream
