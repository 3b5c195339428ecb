#include "dream/compiled_loop.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "dream/counted_loop.h"
#include "dream/sizes.h"
#include "dream/tiled_step.h"

namespace livedream {

using tensorflow::Context;
using tensorflow::Graph;
using tensorflow::NodeBuilder;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

constexpr std::int64_t kMostSteps = 16;

using Outputs = CountedLoop::Outputs;

void moveToFront(TaskGraph& task, const char* input) {
  const auto at = std::find(task.names.begin(), task.names.end(), input) - task.names.begin();
  std::rotate(task.names.begin(), task.names.begin() + at, task.names.begin() + at + 1);
  std::rotate(task.inputs.begin(), task.inputs.begin() + at, task.inputs.begin() + at + 1);
}

// One round: what is handed on is the picture and the statistics, the same are the shifts, how many rounds are active,
// and what else a step takes.
class Round {
 public:
  Round(std::string step, Shape statistics) : step_(std::move(step)), statistics_(std::move(statistics)) {}

  Outputs operator()(Graph& graph, TF_Output round, const Outputs& handed_on, const Outputs& same) const {
    Outputs inputs{handed_on[0], rowOf(graph, same[0], round)};
    inputs.insert(inputs.end(), same.begin() + 2, same.end());
    const Outputs made = callFunction(graph, step_, inputs, 2);
    const TF_Output picture = NodeBuilder(graph, "SelectV2", graph.uniqueName("SelectV2"))
                                  .input(graph.binary("Less", round, same[1]))
                                  .input(made[0])
                                  .input(handed_on[0])
                                  .finish();
    return {picture, withRow(graph, handed_on[1], statistics_, round, made[1])};
  }

 private:
  std::string step_;
  Shape statistics_;
};

}  // namespace

TaskGraph addCompiledLoop(Context& context, const Network& network, const TaskSpec& spec, const std::string& name) {
  TaskGraph step = spec.octave.batches() == 1 ? buildTask(network, spec) : addTiledStep(context, network, spec, name);
  moveToFront(step, "shift");
  moveToFront(step, "picture");
  context.addFunction(step.graph, name + "_step", step.inputs, step.outputs);

  const Shape statistics{spec.steps, kStatistics, spec.octave.pictures};
  const auto all = argumentsOf(step.graph, step.inputs);
  std::vector<CountedLoop::Argument> same{{tensorflow::TF_INT32, {spec.steps, 2}}, {tensorflow::TF_INT32, {}}};
  same.insert(same.end(), all.begin() + 2, all.end());
  const CountedLoop loop(context, name + "_steps", spec.steps, {all[0], {tensorflow::TF_FLOAT, statistics}}, same,
                         Round(name + "_step", statistics));

  Graph graph;
  const auto taken = [&](std::size_t index, const CountedLoop::Argument& argument) {
    return graph.placeholder("livedream/" + numbered("input", index), argument.type, argument.shape);
  };
  Outputs others;
  for (const CountedLoop::Argument& argument : same) others.push_back(taken(others.size() + 1, argument));
  Outputs inputs{taken(0, all[0])};
  inputs.insert(inputs.end(), others.begin(), others.end());
  context.addFunction(graph, name, inputs, loop.addTo(graph, {inputs[0], zeros(graph, statistics)}, others));
  step.names[1] = "shifts";
  step.names.insert(step.names.begin() + 2, "active");
  return step;
}

std::int64_t stepsInSlice(std::int64_t iterations) noexcept {
  const std::int64_t slices = std::max<std::int64_t>(divideUp(iterations, kMostSteps), 1);
  return divideUp(iterations, slices);
}

}  // namespace livedream
