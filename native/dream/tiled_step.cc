#include "dream/tiled_step.h"

#include <cstddef>
#include <map>
#include <utility>
#include <vector>

#include "dream/counted_loop.h"

namespace livedream {

using tensorflow::Context;
using tensorflow::Graph;
using tensorflow::Shape;
using tensorflow::TF_Output;

namespace {

using Arguments = std::vector<CountedLoop::Argument>;
using Outputs = CountedLoop::Outputs;

TaskGraph addTask(Context& context, const Network& network, TaskSpec spec, Task task, const std::string& name) {
  spec.task = task;
  TaskGraph built = buildTask(network, spec);
  context.addFunction(built.graph, name, built.inputs, built.outputs);
  return built;
}

// A step in batches: what cuts, what climbs and what moves the picture are functions of their own, as they are programs
// of their own where the host goes from one to the next.
class TiledStep {
 public:
  TiledStep(Context& context, const Network& network, const TaskSpec& spec, std::string name)
      : name_(std::move(name)),
        batches_(spec.octave.batches()),
        cut_(addTask(context, network, spec, Task::kCut, name_ + "_cut")),
        gradient_(addTask(context, network, spec, Task::kGradient, name_ + "_gradient")),
        ascend_(addTask(context, network, spec, Task::kAscend, name_ + "_ascend")),
        tiles_(shapeWith(gradient_.inputs.front())),
        objectives_{batches_, spec.octave.pictures},
        loop_(addLoop(context)) {}

  // The graph of a whole step.
  TaskGraph build() {
    for (const TaskGraph* task : {&cut_, &ascend_, &gradient_}) takeInputs(*task);
    step_.weights = gradient_.weights;
    step_.called_operations = cut_.graph.operations() + gradient_.graph.operations() + ascend_.graph.operations();
    for (std::size_t i = gradient_.names.size(); i < gradient_.inputs.size(); ++i) {
      weights_.push_back(take(numbered("weight", i), gradient_, i));
    }
    Graph& graph = step_.graph;
    const Outputs cut = callFunction(graph, name_ + "_cut", inputsOf(cut_), static_cast<std::size_t>(batches_));
    Outputs same = inputsOf(gradient_);
    same.front() = graph.reshape(graph.pack(cut), tiles_);
    const Outputs found = loop_.addTo(graph, {zeros(graph, tiles_), zeros(graph, objectives_)}, same);
    for (std::int64_t batch = 0; batch < batches_; ++batch) {
      const TF_Output row = graph.constant(static_cast<std::int32_t>(batch));
      known_[numbered("gradient", static_cast<std::size_t>(batch))] = rowOf(graph, found[0], row);
      known_[numbered("objective", static_cast<std::size_t>(batch))] = rowOf(graph, found[1], row);
    }
    step_.outputs = callFunction(graph, name_ + "_ascend", inputsOf(ascend_), 2);
    step_.inputs.insert(step_.inputs.end(), weights_.begin(), weights_.end());
    return std::move(step_);
  }

 private:
  // One of each batch.
  Shape shapeWith(TF_Output one) const {
    Shape shape = gradient_.graph.shape(one).value();
    shape.insert(shape.begin(), batches_);
    return shape;
  }

  CountedLoop addLoop(Context& context) const {
    Arguments same = argumentsOf(gradient_.graph, gradient_.inputs);
    same.front().shape = tiles_;
    const auto body = [this](Graph& graph, TF_Output round, const Outputs& handed_on, const Outputs& all) {
      Outputs inputs = all;
      inputs.front() = rowOf(graph, all.front(), round);
      const Outputs found = callFunction(graph, name_ + "_gradient", inputs, 2);
      return Outputs{withRow(graph, handed_on[0], tiles_, round, found[0]),
                     withRow(graph, handed_on[1], objectives_, round, found[1])};
    };
    return {context,  name_ + "_tiles",
            batches_, {{tensorflow::TF_FLOAT, tiles_}, {tensorflow::TF_FLOAT, objectives_}},
            same,     body};
  }

  TF_Output take(const std::string& input, const TaskGraph& of, std::size_t index) {
    const CountedLoop::Argument argument = argumentsOf(of.graph, {of.inputs[index]}).front();
    return step_.graph.placeholder("livedream/" + input, argument.type, argument.shape);
  }

  // Of what a step takes, not of what its parts hand on.
  void takeInputs(const TaskGraph& task) {
    for (std::size_t i = 0; i < task.names.size(); ++i) {
      const std::string& input = task.names[i];
      if (input == "tiles" || input.rfind("gradient", 0) == 0 || input.rfind("objective", 0) == 0) continue;
      const auto [entry, fresh] = known_.try_emplace(input);
      if (!fresh) continue;
      entry->second = take(input, task, i);
      step_.names.push_back(input);
      step_.inputs.push_back(entry->second);
    }
  }

  Outputs inputsOf(const TaskGraph& task) const {
    Outputs inputs;
    for (const std::string& input : task.names) {
      const auto found = known_.find(input);
      inputs.push_back(found == known_.end() ? TF_Output{} : found->second);
    }
    if (!task.weights.empty()) inputs.insert(inputs.end(), weights_.begin(), weights_.end());
    return inputs;
  }

  std::string name_;
  std::int64_t batches_;
  TaskGraph cut_;
  TaskGraph gradient_;
  TaskGraph ascend_;
  Shape tiles_;
  Shape objectives_;
  CountedLoop loop_;
  TaskGraph step_;
  Outputs weights_;
  std::map<std::string, TF_Output> known_;
};

}  // namespace

TaskGraph addTiledStep(Context& context, const Network& network, const TaskSpec& spec, const std::string& name) {
  return TiledStep(context, network, spec, name).build();
}

}  // namespace livedream
