#include "dream/tracer.h"

#include <utility>

namespace livedream {

using tensorflow::EagerHandle;
using tensorflow::TensorHandle;

std::vector<EagerHandle> Tracer::run(const Workspace& workspace, const TaskSpec& spec, const Bindings& bindings) {
  std::unique_ptr<Traced>& kept = programs_[keyOf(spec)];
  if (!kept) kept = std::make_unique<Traced>(workspace.network(), spec, settings_);
  const TaskGraph& task = kept->task;
  std::vector<TensorHandle> values;
  for (const std::string& name : task.names) values.push_back(tensorflow::download(bindings.get(name)));
  for (const int weight : task.weights) {
    values.push_back(tensorflow::download(workspace.weights()[static_cast<std::size_t>(weight)]));
  }
  ProgramTrace trace{describe(spec), octave_, iteration_, {}};
  const std::string doing = "tracing " + trace.program;
  if (!std::exchange(kept->warm, true)) kept->session.run(task.inputs, values, task.outputs, doing);
  const std::vector<TensorHandle> results =
      kept->session.trace(task.inputs, values, task.outputs, doing, trace.operations);
  traces_.push_back(std::move(trace));
  std::vector<EagerHandle> handles;
  handles.reserve(results.size());
  for (const TensorHandle& result : results) {
    handles.push_back(workspace.context().upload(result.get(), workspace.device()));
  }
  return handles;
}

}  // namespace livedream
