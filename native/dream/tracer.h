#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dream/program.h"
#include "dream/task_graph.h"
#include "dream/workspace.h"
#include "tensorflow/context_config.h"
#include "tensorflow/session.h"

namespace livedream {

// One run of a program in a dream, operation by operation.
struct ProgramTrace {
  std::string program;  // as in errors: "a step of a picture of 96 x 64 pixels on 'mixed4d'"
  std::size_t octave = 0;
  int iteration = 0;
  std::vector<tensorflow::TracedOperation> operations;
};

// Runs programs in the place of Workspace::run, with the same graphs, weights and settings, and keeps what ran when. A
// program's first run, in which kernels prepare themselves, is made twice and the second kept. By ordinary kernels
// only: what XLA compiled has no operations. Lives for one job, on the engine's thread.
class Tracer {
 public:
  explicit Tracer(const tensorflow::ContextSettings& settings) : settings_(settings) {}

  // What the next runs belong to.
  void at(std::size_t octave, int iteration) noexcept {
    octave_ = octave;
    iteration_ = iteration;
  }
  std::vector<tensorflow::EagerHandle> run(const Workspace& workspace, const TaskSpec& spec, const Bindings& bindings);

  std::vector<ProgramTrace> take() { return std::move(traces_); }

 private:
  struct Traced {
    Traced(const Network& network, const TaskSpec& spec, const tensorflow::ContextSettings& settings)
        : task(buildTask(network, spec)), session(task.graph, settings) {}

    TaskGraph task;
    tensorflow::Session session;  // of the task's graph, so destroyed first
    bool warm = false;
  };

  tensorflow::ContextSettings settings_;
  std::size_t octave_ = 0;
  int iteration_ = 0;
  std::map<std::string, std::unique_ptr<Traced>> programs_;
  std::vector<ProgramTrace> traces_;
};

}  // namespace livedream
